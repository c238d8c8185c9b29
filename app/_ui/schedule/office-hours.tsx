import type { OfficeHoursView, ScheduleView } from "#app/_server/queries/course/schedule.ts";
import { isWeekday, nextHours } from "#course/catalogue/next-hours.ts";
import { sayClock, sayDay } from "#course/deadlines/say-instant.ts";
import { EmptyState } from "../page/panel.tsx";
import type { Zones } from "../time/every-clock.ts";
import classes from "./schedule.module.css";

/** When staff can be met: each week's hours, the next of each in the reader's zone, and exceptions in sight. */
export function OfficeHours({ schedule, zones, now }: { schedule: ScheduleView; zones: Zones; now: Date }) {
  const { officeHours, appointments } = schedule;
  if (officeHours.length === 0) {
    return (
      <EmptyState title="No office hours yet.">
        {appointments ?? "They show up here once staff set them."}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.hours}>
        {officeHours.map((hours) => (
          <li key={hours.slug}>
            <Hours hours={hours} zones={zones} now={now} />
          </li>
        ))}
      </ul>
      {appointments ? <p>{appointments}</p> : null}
    </>
  );
}

function Hours({ hours, zones, now }: { hours: OfficeHoursView; zones: Zones; now: Date }) {
  const next = isWeekday(hours.weekday)
    ? nextHours({ ...hours, weekday: hours.weekday }, zones.course, now)
    : null;
  return (
    <>
      <b>
        {hours.weekday.charAt(0).toUpperCase() + hours.weekday.slice(1)}, {hours.from} to {hours.to}
      </b>
      , {hours.link ? <a href={hours.link}>{hours.place}</a> : hours.place}
      {next ? (
        <div className={classes.next}>
          {next.cancelled
            ? `Not on ${sayDay(next.startsAt, zones.course, now)}${next.note ? `: ${next.note}` : ""}`
            : `Next: ${sayDay(next.startsAt, zones.reader, now)}, ${sayClock(next.startsAt, zones.reader)} to ${sayClock(next.endsAt, zones.reader)} your time${next.moved ? `, in ${next.place} this time` : ""}${next.note ? ` (${next.note})` : ""}`}
        </div>
      ) : null}
    </>
  );
}
