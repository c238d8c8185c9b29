import { type EffectiveDeadline, judgeArrival } from "./effective-deadline.ts";
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

/**
 * The same for somebody of the team who did not send it: by their own deadline, since an extension is its holder's
 * only. tooLate: it arrived after that had closed, so for them it does not count. What was on time by a due date that
 * is not later than theirs is on time for them too, whatever has been moved since.
 */
export function latenessForMember(
  work: ReceivedWork,
  inForce: EffectiveDeadline,
): Lateness & { tooLate: boolean } {
  const onTimeForAll =
    !work.late && work.dueAt !== null && (inForce.dueAt === null || work.dueAt <= inForce.dueAt);
  const arrival = judgeArrival({ ...inForce, releasedAt: null }, work.receivedAt);
  const late = !onTimeForAll && (arrival.outcome === "refused" || arrival.late);
  return {
    ...{ late, lateWhenReceived: late, excusedBy: null },
    penaltyPercent: late && arrival.outcome === "accepted" ? arrival.penaltyPercent : 0,
    tooLate: !onTimeForAll && arrival.outcome === "refused",
  };
}
