import { abbreviationOf, clockText, textInZone } from "./zone-text.ts";
import { anywhereOnEarth, isZone, localTimeAt, startOfDay } from "./zones.ts";

/**
 * How an instant is said. The convention for ends, everywhere: an end is named by the very instant from which it is
 * over, as it is stored, signed and judged by; where that is a day's end, by that day ("end of day") and not by the
 * midnight after it, which people take for the wrong day. Nowhere is a second taken off.
 */
export interface Saying {
  /** The year is left out of days near it; without it each day has its year. */
  now?: Date;
  /** To the second, as receipts and audits have it. */
  seconds?: boolean;
}

/** Within this time of now nobody takes a day for the same one of another year. */
const nearMs = 180 * 86_400_000;

/** Fri, Oct 4, as the zone's calendar has it. An unknown zone counts as UTC. */
export function sayDay(at: Date, zone: string, now?: Date): string {
  const near = now !== undefined && Math.abs(at.getTime() - now.getTime()) < nearMs;
  return clockText(at, knownZone(zone), near ? "day" : "dayOfYear");
}

/** The same of a day of the calendar, such as 2024-10-04. */
export const sayCalendarDay = (day: string, now?: Date): string =>
  sayDay(new Date(`${day}T12:00:00Z`), "UTC", now);

/** 5:00 AM, where the day and the zone are said beside it. */
export const sayClock = (at: Date, zone: string): string => clockText(at, knownZone(zone), "minute");

/** Fri, Oct 4, 5:00 AM PDT. */
export function sayInstant(at: Date, zone: string, { now, seconds }: Saying = {}): string {
  const known = knownZone(zone);
  const time = clockText(at, known, seconds ? "second" : "minute");
  return `${sayDay(at, known, now)}, ${time} ${abbreviationOf(at, known)}`;
}

/** Fri, Oct 4, end of day (AoE); for what ends no day as any instant, with its seconds where it has some. */
export function sayEnd(end: Date, zone: string, how: Saying = {}): string {
  const known = knownZone(zone);
  if (!endsDay(end, known)) {
    return sayInstant(end, known, { ...how, seconds: how.seconds || end.getUTCSeconds() !== 0 });
  }
  const within = new Date(end.getTime() - 1);
  return `${sayDay(within, known, how.now)}, end of day (${abbreviationOf(within, known)})`;
}

/** Whether a day of the zone ends at this instant. */
export function endsDay(end: Date, zone: string): boolean {
  const local = localTimeAt(end, zone);
  // Where clocks jump over midnight a day begins later, by an hour or two.
  return local.hour < 3 && startOfDay(local, zone).getTime() === end.getTime();
}

/** The zone by which a deadline is named: where it ends a day, Anywhere on Earth before the course's zone. */
export function zoneOfEnd(end: Date, courseZone: string): string {
  return endsDay(end, anywhereOnEarth) ? anywhereOnEarth : courseZone;
}

/** An instant as one clock shows it: Fri, Oct 4, 5:00 AM PDT, and what the zone is called. */
export interface SaidClock {
  zone: string;
  said: string;
  zoneName: string;
}

/** The same instant by the clocks of these zones, in their order; zones whose clocks show the same are said once. */
export function sayOnEachClock(
  at: Date,
  zones: readonly string[],
  { end, ...how }: Saying & { end?: boolean } = {},
): SaidClock[] {
  const texts = zones.map((zone) => textInZone(at, zone));
  return texts
    .filter(({ text }, index) => texts.findIndex((one) => one.text === text) === index)
    .map(({ zone, zoneName }) => ({ zone, zoneName, said: (end ? sayEnd : sayInstant)(at, zone, how) }));
}

const knownZone = (zone: string) => (isZone(zone) ? zone : "UTC");

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

/** In whose eyes and when. readerZone: IANA name of the reader's own zone; the course's when it is not known. */
export interface SeenBy {
  now: Date;
  courseZone: string;
  readerZone: string | null;
}

type Seeing = Omit<SeenBy, "now"> & Saying;

/** The end of a span: what is received before the instant is within it. */
export function describeEnd(end: Date, seen: Seeing): SaidInstant {
  const zone = zoneOfEnd(end, seen.courseZone);
  // The day that ends, not the one that begins.
  const day = sayDay(new Date(end.getTime() - 1), zone, seen.now);
  return { instant: end, day, ...onClocks(end, zone, seen, true) };
}

/** The beginning of a span. */
export function describeBeginning(at: Date, seen: SeenBy): SaidInstant {
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
