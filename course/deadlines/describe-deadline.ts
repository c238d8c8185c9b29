import { type DeadlineStatus, deadlineStatusAt, type EffectiveDeadline } from "./effective-deadline.ts";
import { describeLatePolicy, latePenaltyPercent } from "./late-policy.ts";
import { type SaidClock, type Saying, sayDay, sayOnEachClock, zoneOfEnd } from "./say-instant.ts";
import { anywhereOnEarth } from "./zones.ts";

/** An instant as pages say it: the day first, as the syllabus has it, then other people's clocks. */
export interface SaidInstant {
  instant: Date;
  /** Fri, Oct 4, end of day (AoE); or a day and time in the course's zone. */
  said: string;
  /** The day alone: Fri, Oct 4. */
  day: string;
  /** The reader's clock, then the course's, each only where what was said before is by another. */
  others: (SaidClock & { whose: "reader" | "course" })[];
  /** By every clock that matters, each once; what was said comes first. */
  clocks: SaidClock[];
}

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

/** In whose eyes and when. readerZone: IANA name of the reader's own zone; the course's when it is not known. */
export interface SeenBy {
  now: Date;
  courseZone: string;
  readerZone: string | null;
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

/** The end of a span: what is received before the instant is within it. */
export function describeEnd(end: Date, seen: Seeing): SaidInstant {
  const zone = zoneOfEnd(end, seen.courseZone);
  // The day that ends, not the one that begins.
  const day = sayDay(new Date(end.getTime() - 1), zone, seen.now);
  return { instant: end, day, ...onClocks(end, zone, seen, true) };
}

type Seeing = Omit<SeenBy, "now"> & Saying;

function describeBeginning(at: Date, seen: SeenBy): SaidInstant {
  const zone = seen.courseZone;
  return { instant: at, day: sayDay(at, zone, seen.now), ...onClocks(at, zone, seen, false) };
}

function onClocks(
  at: Date,
  zone: string,
  { courseZone, readerZone, ...how }: Seeing,
  end: boolean,
): Pick<SaidInstant, "said" | "others" | "clocks"> {
  const reader = readerZone ?? courseZone;
  const clocks = sayOnEachClock(at, [zone, reader, courseZone, anywhereOnEarth, "UTC"], { ...how, end });
  const others = clocks.slice(1).flatMap((clock): SaidInstant["others"] => {
    if (clock.zone === reader) return [{ ...clock, whose: "reader" }];
    return clock.zone === courseZone ? [{ ...clock, whose: "course" }] : [];
  });
  return { said: clocks[0]?.said ?? "", others, clocks };
}
