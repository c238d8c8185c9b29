import { deadlineRules, type StoredDates } from "#course/deadlines/deadline-rules.ts";
import { type DeadlineView, describeDeadline } from "#course/deadlines/describe-deadline.ts";
import { type EffectiveDeadline, effectiveDeadline } from "#course/deadlines/effective-deadline.ts";

/** An assignment's row with the extensions of one person: their own, at most one. */
type DatesForOne = StoredDates & { extensions: { dueAt: Date }[] };

/** In whose eyes and when a deadline is shown. */
export interface Seen {
  now: Date;
  courseZone: string;
  readerZone: string;
}

/** The deadline in force for the person whose extensions were loaded. */
export function deadlineInForce(assignment: DatesForOne): EffectiveDeadline {
  return effectiveDeadline(deadlineRules(assignment), assignment.extensions[0] ?? null);
}

/** The same as pages show it. */
export function assignmentDeadline(assignment: DatesForOne, seen: Seen): DeadlineView {
  return describeDeadline(deadlineInForce(assignment), seen);
}
