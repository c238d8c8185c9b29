import { z } from "zod";

/** The id of a run's event as an address or a header names it. */
export const eventId = z
  .string()
  .regex(/^\d{1,18}$/, "the id of an event")
  .transform(BigInt);
