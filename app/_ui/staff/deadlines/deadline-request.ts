import { z } from "zod";

const id = z
  .string()
  .regex(/^\w{1,60}$/)
  .optional()
  .catch(undefined);

/** What the address of the page asks for; anything unknown is left out. */
export const deadlineRequest = z.object({
  /** The student for whom the form is filled in. */
  grant: id,
  /** The extension that the reader is asked about. */
  end: id,
  /** What was just done, and to whom. */
  done: z.enum(["granted", "ended", "grace", "dates", "same-dates"]).optional().catch(undefined),
  student: id,
  /** Of the changes. */
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type DeadlineRequest = z.output<typeof deadlineRequest>;
