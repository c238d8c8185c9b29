import { addDays, weekdayOf, weekdays } from "./calendar-days.ts";

/** The Monday of the week that a day lies in. */
export const mondayOf = (day: string): string => addDays(day, -((weekdays.indexOf(weekdayOf(day)) + 6) % 7));

export interface Week<Thing> {
  monday: string;
  things: Thing[];
}

/** Things in the order of their days, week by week; weeks in which there is none are left out. */
export function byWeek<Thing>(things: readonly Thing[], dayOf: (thing: Thing) => string): Week<Thing>[] {
  const weeks = new Map<string, Thing[]>();
  const sorted = [...things].sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0));
  for (const thing of sorted) {
    const monday = mondayOf(dayOf(thing));
    weeks.set(monday, [...(weeks.get(monday) ?? []), thing]);
  }
  return [...weeks].map(([monday, found]) => ({ monday, things: found }));
}
