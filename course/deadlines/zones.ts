import { formatterOf } from "./formatters.ts";

/**
 * Time zones by arithmetic on what Intl knows. "AoE", Anywhere on Earth, is UTC-12 all year: a day there ends when
 * it has ended everywhere.
 */

export const anywhereOnEarth = "AoE";

const minuteMs = 60_000;

/** Whether the name is AoE or one that Intl knows, such as America/Los_Angeles. */
export function isZone(zone: string): boolean {
  if (zone === anywhereOnEarth) return true;
  // A bare offset is no place: it says nothing of clock changes.
  if (/^[+-]/.test(zone)) return false;
  try {
    formatterOf(zone, "fields");
    return true;
  } catch {
    return false;
  }
}

/** A wall-clock time with no zone; month from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** What the clocks of the zone show at the instant. */
export function localTimeAt(instant: Date, zone: string): LocalTime {
  if (zone === anywhereOnEarth) return fromUtcFields(instant.getTime() - 12 * 60 * minuteMs);
  const parts = formatterOf(zone, "fields").formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((found) => found.type === type)?.value);
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

/** Milliseconds that the zone's clocks are ahead of UTC at the instant; negative to the west. */
export function offsetAt(instant: Date, zone: string): number {
  const whole = Math.floor(instant.getTime() / 1000) * 1000;
  return asIfUtc(localTimeAt(instant, zone)) - whole;
}

/** The local time's fields read as UTC, in milliseconds. Throws RangeError when there is no such date or time. */
export function asIfUtc(local: LocalTime): number {
  const ms = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  const again = fromUtcFields(ms);
  const same = (Object.keys(local) as (keyof LocalTime)[]).every((field) => local[field] === again[field]);
  if (!same) throw new RangeError("There is no such date or time.");
  return ms;
}

/**
 * Every instant at which the zone's clocks show this time, earliest first: one as a rule, none when a clock change
 * jumps over it, two when it is repeated.
 */
export function instantsOf(local: LocalTime, zone: string): Date[] {
  const wall = asIfUtc(local);
  const day = 24 * 60 * minuteMs;
  // Zones change their offset at most once within two days, so the offsets around are all there can be.
  const offsets = [-day, 0, day].map((shift) => offsetAt(new Date(wall + shift), zone));
  const candidates = new Set(offsets.map((offset) => wall - offset));
  return [...candidates]
    .filter((ms) => wall - ms === offsetAt(new Date(ms), zone))
    .sort((a, b) => a - b)
    .map((ms) => new Date(ms));
}

/**
 * The first instant of a day in the zone: its 00:00, or what follows when a clock change jumps over midnight. Where
 * midnight comes twice the day begins with the first.
 */
export function startOfDay(day: Pick<LocalTime, "year" | "month" | "day">, zone: string): Date {
  const midnight = { ...day, hour: 0, minute: 0, second: 0 };
  const [first] = instantsOf(midnight, zone);
  if (first !== undefined) return first;
  // Clocks jump over midnight: the jump itself is the smallest instant that shows a later time.
  const wall = asIfUtc(midnight);
  let before = wall - 36 * 60 * minuteMs;
  let after = wall + 36 * 60 * minuteMs;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (asIfUtc(localTimeAt(new Date(middle), zone)) >= wall) after = middle;
    else before = middle;
  }
  return new Date(after);
}

/** The calendar day after. */
export function dayAfter(day: Pick<LocalTime, "year" | "month" | "day">): LocalTime {
  return fromUtcFields(Date.UTC(day.year, day.month - 1, day.day + 1));
}

function fromUtcFields(ms: number): LocalTime {
  const utc = new Date(ms);
  return {
    year: utc.getUTCFullYear(),
    month: utc.getUTCMonth() + 1,
    day: utc.getUTCDate(),
    hour: utc.getUTCHours(),
    minute: utc.getUTCMinutes(),
    second: utc.getUTCSeconds(),
  };
}
