import { hoursBetween, isWeekday, type WeeklyHours } from "../catalogue/next-hours.ts";
import type { CalendarEntry } from "./calendar-entry.ts";

interface ClassOfCalendar {
  number: number;
  title: string;
  place: string;
  objectives: string[];
  slides: string | null;
  /** Of the course's calendar. */
  day: string;
  startsAt: Date;
  endsAt: Date;
}

interface HoursOfCalendar extends Omit<WeeklyHours, "weekday"> {
  slug: string;
  weekday: string;
  link: string | null;
}

export interface TermOfCalendar {
  classes: ClassOfCalendar[];
  breaks: { from: string; to: string; title: string }[];
  officeHours: HoursOfCalendar[];
  /** Of the course. */
  zone: string;
  /** Of the schedule's page. */
  path: string;
}

/** A term's classes, the days without any, and office hours that are held while there are classes. */
export function termEntries(term: TermOfCalendar): CalendarEntry[] {
  const days = term.classes.map(({ day }) => day).sort();
  const [from, to] = [days[0], days.at(-1)];
  return [
    ...term.classes.map((one) => classEntry(one, term.path)),
    ...term.breaks.map((one) => breakEntry(one, term.path)),
    ...(from === undefined || to === undefined
      ? []
      : term.officeHours.flatMap((hours) => hoursEntries(hours, { from, to }, term))),
  ];
}

const classEntry = (one: ClassOfCalendar, path: string): CalendarEntry => ({
  key: `class-${one.number}`,
  when: { kind: "span", startsAt: one.startsAt, endsAt: one.endsAt },
  title: `Class ${one.number}: ${one.title}`,
  lines: [
    ...one.objectives.map((text) => `- ${text}`),
    ...(one.slides === null ? [] : [`Slides: ${one.slides}`]),
  ],
  place: one.place,
  path: `${path}#class-${one.number}`,
  busy: true,
});

const breakEntry = ({ from, to, title }: TermOfCalendar["breaks"][number], path: string): CalendarEntry => ({
  key: `break-${from}`,
  when: { kind: "days", from, to },
  title: `No classes: ${title}`,
  lines: [],
  place: null,
  path,
  busy: false,
});

function hoursEntries(
  hours: HoursOfCalendar,
  days: { from: string; to: string },
  { zone, path }: TermOfCalendar,
): CalendarEntry[] {
  if (!isWeekday(hours.weekday)) return [];
  const { link } = hours;
  return hoursBetween({ ...hours, weekday: hours.weekday }, zone, days)
    .filter(({ cancelled }) => !cancelled)
    .map(({ day, startsAt, endsAt, place, note }) => ({
      key: `hours-${hours.slug}-${day}`,
      when: { kind: "span", startsAt, endsAt },
      title: "Office hours",
      lines: [...(note === null ? [] : [note]), ...(link === null ? [] : [link])],
      place,
      path,
      busy: false,
    }));
}
