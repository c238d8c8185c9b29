import type { AssignmentDates, FieldProblem } from "../ports.ts";
import { readZone } from "../read-extended-due.ts";
import { type ResolveOutcome, resolveDue, resolveRelease } from "../resolve-due.ts";
import { endsDay } from "../say-instant.ts";
import { localTimeAt } from "../zones.ts";
import { type DateField, dateFields } from "./dates-in-order.ts";

/** A day and a time of day as a form has them, such as 2024-11-23 and 19:50; both empty: there is none. */
export interface TypedDate {
  date: string;
  /** Empty: the end of the day, of a release its beginning. */
  time: string;
}

export type TypedDates = Record<DateField, TypedDate>;

/** The name of a date's fields in a form. */
export type TypedField = `${DateField}Date` | `${DateField}Time`;

const none: TypedDate = { date: "", time: "" };
const two = (part: number) => `${part}`.padStart(2, "0");

/** An assignment's dates as a form in this zone shows them, to the second. */
export const typeDates = (dates: AssignmentDates, zone: string): TypedDates => ({
  releasedAt: dates.releasedAt === null ? none : typeDate(dates.releasedAt, zone, false),
  dueAt: dates.dueAt === null ? none : typeDate(dates.dueAt, zone, true),
  availableUntil: dates.availableUntil === null ? none : typeDate(dates.availableUntil, zone, true),
});

function typeDate(at: Date, zone: string, end: boolean): TypedDate {
  const whole = end ? endsDay(at, zone) : endsDay(at, zone) && localTimeAt(at, zone).hour === 0;
  const { year, month, day, hour, minute, second } = localTimeAt(
    end && whole ? new Date(at.getTime() - 1) : at,
    zone,
  );
  const date = `${`${year}`.padStart(4, "0")}-${two(month)}-${two(day)}`;
  if (whole) return { date, time: "" };
  return { date, time: `${two(hour)}:${two(minute)}${second === 0 ? "" : `:${two(second)}`}` };
}

/**
 * The dates that were typed, or what is wrong with each. A date that is as it stands stays the very instant that it is:
 * a form knows no parts of a second, and a time that clocks show twice only once.
 */
export function readTypedDates(
  typed: TypedDates,
  named: string,
  standing: AssignmentDates,
): { dates: AssignmentDates } | { problems: FieldProblem<TypedField | "zone">[] } {
  const zone = readZone(named);
  if ("message" in zone) return { problems: [{ field: "zone", message: zone.message }] };
  const shown = typeDates(standing, zone.zone);
  const problems: FieldProblem<TypedField>[] = [];
  const dates: AssignmentDates = { ...standing };
  for (const field of dateFields) {
    const [date, time] = [typed[field].date.trim(), typed[field].time.trim()];
    if (date === shown[field].date && time === shown[field].time) continue;
    if (date === "" && time === "") {
      dates[field] = null;
      continue;
    }
    const read = readDate({ date, time }, zone.zone, field === "releasedAt" ? resolveRelease : resolveDue);
    if ("at" in read) dates[field] = read.at;
    else problems.push({ field: `${field}${read.part}`, message: read.message });
  }
  return problems.length > 0 ? { problems } : { dates };
}

function readDate(
  { date, time }: TypedDate,
  zone: string,
  resolve: (text: string, zone: string) => ResolveOutcome,
): { at: Date } | { part: "Date" | "Time"; message: string } {
  if (date === "") return { part: "Date", message: "Say the day of this time, or leave both empty." };
  const day = resolve(date, zone);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || day.outcome === "invalid") {
    return { part: "Date", message: `${date} is not a date: write a day such as 2024-11-25.` };
  }
  if (time === "") return { at: day.instant };
  if (!/^\d{2}:\d{2}(:\d{2})?$/.test(time)) {
    const message = `${time} is not a time: write one such as 23:59, or nothing for the whole day.`;
    return { part: "Time", message };
  }
  const resolved = resolve(`${date}T${time}`, zone);
  if (resolved.outcome === "invalid") return { part: "Time", message: resolved.message };
  return { at: resolved.instant };
}
