import { type DeadlineStatus, deadlineStatusAt, type EffectiveDeadline } from "./effective-deadline.ts";
import { describeLatePolicy, latePenaltyPercent } from "./late-policy.ts";
import { textInZone, type ZoneText } from "./zone-text.ts";
import { anywhereOnEarth } from "./zones.ts";

/** One instant in every zone that matters to the reader. */
export interface ZonedInstant {
  instant: Date;
  /** What the texts show: the instant of a beginning, the last second before the instant of an end. */
  shown: Date;
  aoe: ZoneText;
  course: ZoneText;
  reader: ZoneText;
}

/** Everything a page, the API and mail say about a student's deadline. */
export interface DeadlineView {
  status: DeadlineStatus;
  /** Milliseconds until the status changes by itself; null when it does not. */
  msLeft: number | null;
  due: ZonedInstant | null;
  /** null when staff set no grace. */
  grace: { seconds: number; until: ZonedInstant } | null;
  /** When late work stops being taken; null when none is. */
  lateUntil: ZonedInstant | null;
  releasedAt: ZonedInstant | null;
  latePolicy: string;
  /** What work that arrived now would lose. */
  penaltyPercentNow: number;
  extended: boolean;
}

/** readerZone: IANA name of the reader's own zone; the course's when it is not known. */
export function describeDeadline(
  deadline: EffectiveDeadline,
  reader: { now: Date; courseZone: string; readerZone: string | null },
): DeadlineView {
  const { status, until } = deadlineStatusAt(deadline, reader.now);
  const { releasedAt, dueAt, graceUntil, closesAt, graceSeconds, latePolicy } = deadline;
  const zoned = (end: Date) => inEveryZone(end, lastSecondBefore(end), reader);
  const hasGrace = graceUntil !== null && graceSeconds > 0;
  const takesLate = closesAt !== null && graceUntil !== null && closesAt > graceUntil;
  return {
    status,
    msLeft: until === null ? null : until.getTime() - reader.now.getTime(),
    due: dueAt === null ? null : zoned(dueAt),
    grace: hasGrace ? { seconds: graceSeconds, until: zoned(graceUntil) } : null,
    lateUntil: takesLate ? zoned(closesAt) : null,
    releasedAt: releasedAt === null ? null : inEveryZone(releasedAt, releasedAt, reader),
    latePolicy: describeLatePolicy(latePolicy),
    penaltyPercentNow:
      status === "late-accepted" && dueAt !== null ? latePenaltyPercent(latePolicy, dueAt, reader.now) : 0,
    extended: deadline.extended,
  };
}

/** How every page names the end of a span: 11:59:59 PM for what ends at midnight. */
export function lastSecondBefore(end: Date): Date {
  return new Date(end.getTime() - 1000);
}

/** An instant for pages; shown: what the texts say, the last second before it where it is an end. */
export function inEveryZone(
  instant: Date,
  shown: Date,
  reader: { courseZone: string; readerZone: string | null },
): ZonedInstant {
  return {
    instant,
    shown,
    aoe: textInZone(shown, anywhereOnEarth),
    course: textInZone(shown, reader.courseZone),
    reader: textInZone(shown, reader.readerZone ?? reader.courseZone),
  };
}
