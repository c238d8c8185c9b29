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
