import { resolveRelease } from "../deadlines/resolve-due.ts";
import { addDays, dayIn, type Weekday, weekdayOf, weekdays } from "./calendar-days.ts";

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

export interface NextHours {
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
export function nextHours(hours: WeeklyHours, zone: string, now: Date): NextHours | null {
  const today = dayIn(zone, now);
  const first = (weekdays.indexOf(hours.weekday) - weekdays.indexOf(weekdayOf(today)) + 7) % 7;
  for (const days of [first, first + 7]) {
    const date = addDays(today, days);
    const exception = hours.exceptions.find((one) => one.date === date);
    const at = (time: string) => resolveRelease(`${date}T${time}`, zone);
    const [startsAt, endsAt] = [at(exception?.from ?? hours.from), at(exception?.to ?? hours.to)];
    if (startsAt.outcome === "invalid" || endsAt.outcome === "invalid") continue;
    if (endsAt.instant <= now) continue;
    const place = exception?.place ?? hours.place;
    return {
      ...{ startsAt: startsAt.instant, endsAt: endsAt.instant, place },
      cancelled: exception?.cancelled ?? false,
      moved: place !== hours.place,
      note: exception?.note ?? null,
    };
  }
  return null;
}
