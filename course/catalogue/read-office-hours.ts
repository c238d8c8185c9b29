import type { FieldProblem } from "../deadlines/ports.ts";
import { isCalendarDay, sayWeekday, type Weekday, weekdayOf } from "./calendar-days.ts";
import { isWeekday } from "./next-hours.ts";
import { readText } from "./read-text.ts";
import type { OfficeHoursSpec } from "./schedule-spec.ts";
import { clockTime, link as linkSpec } from "./spec-parts.ts";

/** Weekly office hours as a form has them. */
export interface TypedHours {
  weekday: string;
  from: string;
  to: string;
  place: string;
  /** Empty: none. */
  link: string;
}

export interface WrittenHours {
  weekday: Weekday;
  fromTime: string;
  toTime: string;
  place: string;
  link: string | null;
}

const longestPlace = 120;
const isClock = (text: string) => clockTime.safeParse(text).success;

/** Hours that were typed, or what is wrong with them beside each field. */
export function readOfficeHours(
  typed: TypedHours,
): { hours: WrittenHours } | { problems: FieldProblem<keyof TypedHours>[] } {
  const problems: FieldProblem<keyof TypedHours>[] = [];
  const { weekday } = typed;
  if (!isWeekday(weekday)) problems.push({ field: "weekday", message: "Choose a day of the week." });
  const [from, to, link] = [typed.from.trim(), typed.to.trim(), typed.link.trim()];
  problems.push(...clockProblems({ from, to }));
  const place = readText(typed.place, { name: "where, such as CP 229 or Zoom", longest: longestPlace });
  if ("message" in place) problems.push({ field: "place", message: place.message });
  if (link !== "" && !linkSpec.safeParse(link).success) {
    problems.push({
      field: "link",
      message: "This is no address: write one that begins with https://, or none.",
    });
  }
  if (problems.length > 0 || !isWeekday(weekday) || "message" in place) return { problems };
  return {
    hours: { weekday, fromTime: from, toTime: to, place: place.text, link: link === "" ? null : link },
  };
}

function clockProblems({ from, to }: { from: string; to: string }): FieldProblem<"from" | "to">[] {
  const wrong = (field: "from" | "to", text: string) => ({
    field,
    message:
      text === ""
        ? "Say the time, such as 14:30."
        : `${text} is not a time of day: write one from 00:00 to 23:59, such as 14:30.`,
  });
  const problems = [
    ...(isClock(from) ? [] : [wrong("from" as const, from)]),
    ...(isClock(to) ? [] : [wrong("to" as const, to)]),
  ];
  if (problems.length === 0 && to <= from) {
    return [{ field: "to", message: `They would end before they start, at ${from}: choose a later end.` }];
  }
  return problems;
}

/** One day on which weekly hours are held otherwise, or not at all, as a form has it. */
export interface TypedException {
  date: string;
  /** "on": not held. */
  cancelled: string;
  /** Each empty: as every week. */
  from: string;
  to: string;
  place: string;
  note: string;
}

export type Exception = OfficeHoursSpec["exceptions"][number];

interface Held {
  weekday: string;
  from: string;
  to: string;
  /** What there is already; one of the same day gives way. */
  exceptions: readonly Exception[];
  /** Days of the course's term; null while it has no schedule. */
  term: { starts: string; ends: string } | null;
}

const mostExceptions = 60;
const longestNote = 200;

/** The exceptions with the one that was typed, by their days; or what is wrong with it beside each field. */
export function addException(
  typed: TypedException,
  held: Held,
): { exceptions: Exception[] } | { problems: FieldProblem<keyof TypedException>[] } {
  const problems: FieldProblem<keyof TypedException>[] = [];
  const date = typed.date.trim();
  const wrongDay = whyNotDay(date, held);
  if (wrongDay !== null) problems.push({ field: "date", message: wrongDay });
  const cancelled = typed.cancelled === "on";
  const [from, to] = cancelled ? ["", ""] : [typed.from.trim(), typed.to.trim()];
  problems.push(...clockProblems({ from: from || held.from, to: to || held.to }));
  const part = (field: "place" | "note", longest: number) => {
    if (typed[field].trim() === "" || (cancelled && field === "place")) return {};
    const read = readText(typed[field], { name: "it", longest });
    if ("text" in read) return { [field]: read.text };
    problems.push({ field, message: read.message });
    return {};
  };
  const exception: Exception = {
    ...{ date, cancelled },
    ...(from === "" ? {} : { from }),
    ...(to === "" ? {} : { to }),
    ...part("place", longestPlace),
    ...part("note", longestNote),
  };
  const others = held.exceptions.filter((one) => one.date !== date);
  if (others.length >= mostExceptions) {
    problems.push({
      field: "date",
      message: `There are ${mostExceptions} exceptions: remove one that is over.`,
    });
  }
  const says = cancelled || Object.keys(exception).length > 2;
  if (!says && problems.length === 0) {
    problems.push({
      field: "from",
      message: "Nothing is different on this day: say what is, or that they are not held.",
    });
  }
  if (problems.length > 0) return { problems };
  return { exceptions: [...others, exception].sort((a, b) => (a.date < b.date ? -1 : 1)) };
}

function whyNotDay(date: string, { weekday, term }: Held): string | null {
  if (date === "") return "Choose the day, such as 2024-11-26.";
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return `${date} is not a date: write a day such as 2024-11-26.`;
  if (!isCalendarDay(date)) return `${date} does not exist: check the day.`;
  const day = weekdayOf(date);
  if (day !== weekday && isWeekday(weekday)) {
    return `${date} is a ${sayWeekday(day)}, and these are on ${sayWeekday(weekday)}: choose one of those.`;
  }
  if (term !== null && (date < term.starts || date > term.ends)) {
    return `${date} is not in the term, ${term.starts} to ${term.ends}: choose a day in it.`;
  }
  return null;
}
