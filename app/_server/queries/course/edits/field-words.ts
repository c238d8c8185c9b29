import { sayWeekday } from "#course/catalogue/calendar-days.ts";
import { type Json, sameJson, wholeRow } from "#course/catalogue/merge-edits.ts";
import { isWeekday } from "#course/catalogue/next-hours.ts";
import type { Exception } from "#course/catalogue/read-office-hours.ts";
import { storedExceptions } from "#course/catalogue/stored-schedule.ts";
import { sayCalendarDay } from "#course/deadlines/say-instant.ts";
import type { EditedKind, Fields } from "#infra/db/course/edits/edited-tables.ts";

/** A value that files state and staff edit, as pages show such; text: Markdown or many lines stand as they are. */
export type SaidValue = { iso: string } | { endIso: string } | { text: string } | { lines: string[] } | null;

export interface SaidField {
  field: string;
  name: string;
  value: SaidValue;
}

const names: Record<string, string> = {
  releasedAt: "Release",
  dueAt: "Due",
  availableUntil: "Late work until",
  title: "Title",
  body: "Text",
  pinned: "Pinned",
  publishAt: "Published",
  weekday: "Day",
  fromTime: "From",
  toTime: "To",
  place: "Where",
  link: "Link",
  exceptions: "Exceptions",
  [wholeRow]: "All of it",
};

export const fieldName = (field: string): string => names[field] ?? field;

const beginnings = new Set(["releasedAt", "publishAt"]);
const ends = new Set(["dueAt", "availableUntil"]);

/** Fields in words, in one order whatever the database keeps them in. */
export function sayFields(fields: Fields): SaidField[] {
  const order = Object.keys(names);
  const sorted = Object.entries(fields).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return sorted.map(([field, value]) => ({
    field,
    name: fieldName(field),
    value: sayValue(field, value),
  }));
}

export function sayValue(field: string, value: Json): SaidValue {
  if (value === null) return null;
  if (typeof value === "string" && beginnings.has(field)) return { iso: value };
  if (typeof value === "string" && ends.has(field)) return { endIso: value };
  if (field === "pinned") return { text: value === true ? "yes, above the others" : "no" };
  if (field === "weekday" && typeof value === "string") {
    return { text: isWeekday(value) ? sayWeekday(value) : value };
  }
  if (field === "exceptions") {
    const read = storedExceptions.read(value);
    if (read.outcome === "read")
      return read.value.length === 0 ? null : { lines: read.value.map(sayException) };
  }
  return typeof value === "string" ? { text: value } : { text: JSON.stringify(value) };
}

/** Tue, Nov 26, 2024: not held (Presentations begin early). */
export function sayException({ date, cancelled, from, to, place, note }: Exception): string {
  const times = [from ? `from ${from}` : "", to ? `to ${to}` : ""].filter(Boolean).join(" ");
  const what = cancelled ? "not held" : [times, place ? `in ${place}` : ""].filter(Boolean).join(", ");
  const said = [what, note ? (what === "" ? note : `(${note})`) : ""].filter(Boolean).join(" ");
  return `${sayCalendarDay(date)}: ${said}`;
}

/** What the file says another thing of; empty where site and file agree. */
export const sayDifferences = (file: Fields | null, site: Fields): SaidField[] =>
  file === null
    ? []
    : sayFields(
        Object.fromEntries(
          Object.entries(file).filter(([field, value]) => !sameJson(value, site[field] ?? null)),
        ),
      );

/** As it stands in a sentence of a conflict: the thing's kind before its name. */
export const kindWords: Record<EditedKind, string> = {
  assignment: "Assignment",
  announcement: "Announcement",
  "office-hours": "Office hours",
};
