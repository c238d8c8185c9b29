import { ICalCalendar, ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from "ical-generator";
import type { CalendarEntry } from "#course/calendar/calendar-entry.ts";
import { addDays } from "#course/catalogue/calendar-days.ts";

export interface CalendarToWrite {
  /** As calendars list it, such as TCSS 462/562 Fall 2024. */
  name: string;
  /** Of the course at this installation: keys are unique within. */
  id: string;
  /** Of the site, such as https://drydock.example.edu. */
  address: string;
  entries: CalendarEntry[];
  now: Date;
}

/** Calendars that follow it ask again after so long. */
const refreshSeconds = 3_600;

/** A calendar file (RFC 5545). Instants are written in UTC, to the second, and days without a zone. */
export function writeCalendar({ name, id, address, entries, now }: CalendarToWrite): string {
  // A zone of the whole calendar would take the Z from every instant, and readers would take them for their own.
  const calendar = new ICalCalendar({
    name,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: "Drydock", product: "course calendar", language: "EN" },
    ttl: refreshSeconds,
  });
  for (const { key, when, title, lines, place, path, busy } of entries) {
    const url = `${address}${path}`;
    calendar.createEvent({
      id: `${key}@${id}.drydock`,
      stamp: now,
      ...spanOf(when),
      summary: title,
      description: [...lines, url].join("\n"),
      location: place,
      url,
      status: ICalEventStatus.CONFIRMED,
      transparency: busy ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
}

/** Dates without a zone are written in UTC, of days their UTC day. */
function spanOf(when: CalendarEntry["when"]): { start: Date; end?: Date; allDay?: boolean } {
  if (when.kind === "span") return { start: when.startsAt, end: when.endsAt };
  if (when.kind === "instant") return { start: when.at };
  // The end of days is the first that is not one of them any more.
  return { start: midnight(when.from), end: midnight(addDays(when.to, 1)), allDay: true };
}

const midnight = (day: string) => new Date(`${day}T00:00:00Z`);
