import { localTimeAt } from "../deadlines/zones.ts";

/** Days of the calendar as text, such as 2024-11-21, without a zone. */

export const weekdays = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;
export type Weekday = (typeof weekdays)[number];

const dayMs = 86_400_000;

/** Midnight UTC of a day, to count with; NaN when it does not exist. */
function countable(day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? Number.NaN : at;
}

export const isCalendarDay = (day: string): boolean => !Number.isNaN(countable(day));

/** days: may be negative. */
export const addDays = (day: string, days: number): string =>
  new Date(countable(day) + days * dayMs).toISOString().slice(0, 10);

/** From one day to another; negative when `to` is before it. */
export const daysBetween = (from: string, to: string): number => (countable(to) - countable(from)) / dayMs;

export const weekdayOf = (day: string): Weekday => weekdays[new Date(countable(day)).getUTCDay()] as Weekday;

/** The day of an instant on the calendar of a zone. */
export function dayIn(zone: string, at: Date): string {
  const { year, month, day } = localTimeAt(at, zone);
  const two = (part: number) => `${part}`.padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}`;
}

/** As it stands in a sentence. */
export const sayWeekday = (weekday: Weekday): string => weekday.charAt(0).toUpperCase() + weekday.slice(1);
