import type { EffectiveDeadline } from "./effective-deadline.ts";
import { latePenaltyPercent } from "./late-policy.ts";

/** What was written down when the work was received, and signed in its receipt: it never changes. */
export interface ReceivedWork {
  receivedAt: Date;
  /** The due date of then; null when there was none. */
  dueAt: Date | null;
  late: boolean;
}

/** Whether work counts as late, for its grade. */
export interface Lateness {
  late: boolean;
  lateWhenReceived: boolean;
  /** What lateness costs, in percent of the points; 0 unless late. */
  penaltyPercent: number;
  /** What made late work on time since; null when nothing did. */
  excusedBy: "extension" | "deadline" | null;
}

/**
 * Judges work by the deadline in force now, which staff may have moved since the work arrived. Only ever in the
 * student's favour: what the receipt calls on time stays on time, and what it calls late is counted from the later
 * of the two due dates, even when an extension has been ended since.
 */
export function latenessOf(work: ReceivedWork, inForce: EffectiveDeadline): Lateness {
  if (!work.late) return { late: false, lateWhenReceived: false, penaltyPercent: 0, excusedBy: null };
  const { dueAt, graceUntil } = inForce;
  if (dueAt === null || graceUntil === null || work.receivedAt < graceUntil) {
    const excusedBy = inForce.extended ? "extension" : "deadline";
    return { late: false, lateWhenReceived: true, penaltyPercent: 0, excusedBy };
  }
  const due = work.dueAt !== null && work.dueAt > dueAt ? work.dueAt : dueAt;
  const penaltyPercent = latePenaltyPercent(inForce.latePolicy, due, work.receivedAt);
  return { late: true, lateWhenReceived: true, penaltyPercent, excusedBy: null };
}
