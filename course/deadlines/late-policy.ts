import { z } from "zod";
import { storedKind } from "../stored-json.ts";

/** What happens to work that arrives after the deadline. Stored as JSON with each assignment. */
export const latePolicy = z.discriminatedUnion("kind", [
  /** Nothing is accepted after the deadline. */
  z.strictObject({ kind: z.literal("none") }),
  /** Accepted until available-until, at full points. */
  z.strictObject({ kind: z.literal("accept") }),
  /** Accepted until available-until; each started day or hour after the deadline costs percent of the points. */
  z.strictObject({
    kind: z.literal("deduct"),
    percent: z.number().gt(0).max(100),
    per: z.enum(["day", "hour"]),
    /** The most that lateness can cost. */
    maxPercent: z.number().gt(0).max(100).default(100),
  }),
]);
/** As a course's file states it. */
export type StatedLatePolicy = z.infer<typeof latePolicy>;

/** assignment.late_policy */
export const storedLatePolicy = storedKind("rule for late work", latePolicy);

/** unreadable: what is stored is of another version of Drydock. In the student's favour until it is known again. */
export type LatePolicy = StatedLatePolicy | { kind: "unreadable" };

const unitMs = { hour: 3_600_000, day: 86_400_000 };

/**
 * Percent of the points that a submission loses: 0 when it is not late. `received` before `due` is on time; at the
 * very instant of `due` the first unit has started. Days are of 24 hours, whatever the clocks do.
 */
export function latePenaltyPercent(policy: LatePolicy, due: Date, received: Date): number {
  const lateMs = received.getTime() - due.getTime();
  if (policy.kind !== "deduct" || lateMs < 0) return 0;
  const started = Math.floor(lateMs / unitMs[policy.per]) + 1;
  return Math.min(started * policy.percent, policy.maxPercent);
}

/** The policy as a sentence for the assignment's page. */
export function describeLatePolicy(policy: LatePolicy): string {
  switch (policy.kind) {
    case "none":
      return "Late work is not accepted.";
    case "accept":
      return "Late work is accepted without deduction while the assignment is available.";
    case "deduct": {
      const most = policy.maxPercent < 100 ? `, at most ${policy.maxPercent}%` : "";
      return `Late work loses ${policy.percent}% of the points for each started ${policy.per}${most}.`;
    }
    case "unreadable":
      return "The rule for late work cannot be read at the moment: late work is taken while the assignment is available and loses nothing until staff load the course again.";
  }
}
