import { type DeadlineView, describeDeadline } from "#course/deadlines/describe-deadline.ts";
import { effectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import { latePolicy } from "#course/deadlines/late-policy.ts";
import type { Assignment } from "#infra/db/generated/client.ts";

type Dates = Pick<Assignment, "releasedAt" | "dueAt" | "availableUntil" | "graceSeconds" | "latePolicy">;

/** In whose eyes and when a deadline is shown. */
export interface Seen {
  now: Date;
  courseZone: string;
  readerZone: string;
}

/** The deadline of an assignment for the student with these extensions (their own, at most one). */
export function assignmentDeadline(
  assignment: Dates & { extensions: { dueAt: Date }[] },
  seen: Seen,
): DeadlineView {
  const rules = { ...assignment, latePolicy: latePolicy.parse(assignment.latePolicy) };
  return describeDeadline(effectiveDeadline(rules, assignment.extensions[0] ?? null), seen);
}
