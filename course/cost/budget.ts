import { dayMs } from "../clock.ts";
import type { Micros } from "./micros.ts";

/** What may be spent at most; null: there is no such limit. */
export interface Caps {
  /** By all machines that were asked for in one UTC day, those of the pool too. */
  dayMicros: Micros | null;
  /** By the runs of one course, as long as it exists. */
  courseMicros: Micros | null;
  /** By the runs of one student in one UTC day. */
  studentDayMicros: Micros | null;
}

export const noCaps: Caps = { dayMicros: null, courseMicros: null, studentDayMicros: null };

export type CapKind = "course" | "day" | "student";

/** What was spent and what is held for machines that are not gone, together. Who is not named has spent nothing. */
export interface Spending {
  /** In this UTC day. */
  dayMicros: Micros;
  courses: ReadonlyMap<string, Micros>;
  /** In this UTC day. */
  students: ReadonlyMap<string, Micros>;
}

export const nothingSpent: Spending = { dayMicros: 0, courses: new Map(), students: new Map() };

/** Whose run it is; null: a machine of the pool, which no run pays for yet. */
export type Payer = { course: string; student: string } | null;

/** The limit that would be passed by this much more, the one that lasts longest first; null: none. */
export function passedCap(spent: Spending, caps: Caps, payer: Payer, micros: Micros): CapKind | null {
  const passes = (cap: Micros | null, before: Micros) => cap !== null && before + micros > cap;
  if (payer !== null && passes(caps.courseMicros, spent.courses.get(payer.course) ?? 0)) return "course";
  if (passes(caps.dayMicros, spent.dayMicros)) return "day";
  if (payer !== null && passes(caps.studentDayMicros, spent.students.get(payer.student) ?? 0))
    return "student";
  return null;
}

export const hasCaps = (caps: Caps): boolean => Object.values(caps).some((cap) => cap !== null);

/** Midnight (UTC) at which the day of this instant began. */
export function utcDay(at: Date): Date {
  return new Date(Math.floor(at.getTime() / dayMs) * dayMs);
}

/** Midnight (UTC) of the Monday of its week. */
export function utcWeek(at: Date): Date {
  const day = utcDay(at);
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * dayMs);
}
