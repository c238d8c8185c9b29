import { type DeadlineStatus, deadlineStatusAt, type EffectiveDeadline } from "./effective-deadline.ts";
import { describeLatePolicy, latePenaltyPercent } from "./late-policy.ts";
import { describeBeginning, describeEnd, type SaidInstant, type SeenBy } from "./say-instant.ts";

/** Everything a page, the API and mail say about a student's deadline. */
export interface DeadlineView {
  status: DeadlineStatus;
  /** Milliseconds until the status changes by itself; null when it does not. */
  msLeft: number | null;
  due: SaidInstant | null;
  /** null when staff set no grace. */
  grace: { seconds: number; until: SaidInstant } | null;
  /** When late work stops being taken; null when none is. */
  lateUntil: SaidInstant | null;
  releasedAt: SaidInstant | null;
  latePolicy: string;
  /** What work that arrived now would lose. */
  penaltyPercentNow: number;
  extended: boolean;
}

export function describeDeadline(deadline: EffectiveDeadline, seen: SeenBy): DeadlineView {
  const { status, until } = deadlineStatusAt(deadline, seen.now);
  const { releasedAt, dueAt, graceUntil, closesAt, graceSeconds, latePolicy } = deadline;
  const hasGrace = graceUntil !== null && graceSeconds > 0;
  const takesLate = closesAt !== null && graceUntil !== null && closesAt > graceUntil;
  return {
    status,
    msLeft: until === null ? null : until.getTime() - seen.now.getTime(),
    due: dueAt === null ? null : describeEnd(dueAt, seen),
    grace: hasGrace ? { seconds: graceSeconds, until: describeEnd(graceUntil, seen) } : null,
    lateUntil: takesLate ? describeEnd(closesAt, seen) : null,
    releasedAt: releasedAt === null ? null : describeBeginning(releasedAt, seen),
    latePolicy: describeLatePolicy(latePolicy),
    penaltyPercentNow:
      status === "late-accepted" && dueAt !== null ? latePenaltyPercent(latePolicy, dueAt, seen.now) : 0,
    extended: deadline.extended,
  };
}
