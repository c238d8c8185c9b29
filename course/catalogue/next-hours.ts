import { resolveRelease } from "../deadlines/resolve-due.ts";
import { addDays, dayIn, daysBetween, type Weekday, weekdayOf, weekdays } from "./calendar-days.ts";

export interface WeeklyHours {
  weekday: Weekday;
  /** On the clock of the course's zone, such as 14:30. */
  from: string;
  to: string;
  place: string;
  exceptions: readonly {
    date: string;
    cancelled: boolean;
    from?: string;
    to?: string;
    place?: string;
    note?: string;
  }[];
}

/** Office hours of one day. */
export interface HeldHours {
  /** Of the course's calendar. */
  day: string;
  startsAt: Date;
  endsAt: Date;
  place: string;
  cancelled: boolean;
  /** Elsewhere than usually. */
  moved: boolean;
  note: string | null;
}

export const isWeekday = (text: string): text is Weekday => weekdays.some((one) => one === text);

/** The first of these hours that has not ended, which may be one that is not held; null where clocks skip it. */
export function nextHours(hours: WeeklyHours, zone: string, now: Date): HeldHours | null {
  const today = dayIn(zone, now);
  // Today's may be over, and then it is next week's.
  const coming = hoursBetween(hours, zone, { from: today, to: addDays(today, 7) });
  return coming.find(({ endsAt }) => endsAt > now) ?? null;
}

/** All of them from one day to another, both included, but for those that clocks skip. */
export function hoursBetween(
  hours: WeeklyHours,
  zone: string,
  { from, to }: { from: string; to: string },
): HeldHours[] {
  const first = (weekdays.indexOf(hours.weekday) - weekdays.indexOf(weekdayOf(from)) + 7) % 7;
  const held: HeldHours[] = [];
  for (let day = first; day <= daysBetween(from, to); day += 7) {
    const one = hoursOn(hours, zone, addDays(from, day));
    if (one !== null) held.push(one);
  }
  return held;
}

function hoursOn(hours: WeeklyHours, zone: string, day: string): HeldHours | null {
  const exception = hours.exceptions.find((one) => one.date === day);
  const at = (time: string) => resolveRelease(`${day}T${time}`, zone);
  const [startsAt, endsAt] = [at(exception?.from ?? hours.from), at(exception?.to ?? hours.to)];
  if (startsAt.outcome === "invalid" || endsAt.outcome === "invalid") return null;
  const place = exception?.place ?? hours.place;
  return {
    ...{ day, startsAt: startsAt.instant, endsAt: endsAt.instant, place },
    cancelled: exception?.cancelled ?? false,
    moved: place !== hours.place,
    note: exception?.note ?? null,
  };
}
