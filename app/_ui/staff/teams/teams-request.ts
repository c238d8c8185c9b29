import { z } from "zod";

const id = z
  .string()
  .regex(/^\w{1,60}$/)
  .optional()
  .catch(undefined);

/** What the address of the page asks for; anything unknown is left out. */
export const teamsRequest = z.object({
  /** The student for whom the form is filled in, and the team. */
  add: id,
  to: id,
  /** Whom the reader is asked about, and of which team. */
  remove: id,
  unlock: id,
  /** What was just done, and to whom. */
  done: z.enum(["add", "remove", "unlock"]).optional().catch(undefined),
  student: id,
  team: id,
});
export type TeamsRequest = z.output<typeof teamsRequest>;
