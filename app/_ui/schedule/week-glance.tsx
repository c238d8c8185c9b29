import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import type { ScheduleView } from "#app/_server/queries/course/schedule.ts";
import { addDays, dayIn } from "#course/catalogue/calendar-days.ts";
import { hoursBetween, isWeekday } from "#course/catalogue/next-hours.ts";
import { mondayOf } from "#course/catalogue/weeks.ts";
import { sayCalendarDay, sayClock } from "#course/deadlines/say-instant.ts";
import { AssignmentTitle } from "../course/assignment-title.tsx";
import type { Zones } from "../time/every-clock.ts";
import classes from "./week-glance.module.css";

interface WeekGlanceProps {
  course: string;
  schedule: ScheduleView;
  assignments: AssignmentLine[];
  zones: Zones;
  now: Date;
}

/** This week's seven days beside each other, on the course's calendar; nothing when it has nothing. */
export function WeekGlance({ course, schedule, assignments, zones, now }: WeekGlanceProps) {
  const today = dayIn(zones.course, now);
  const monday = mondayOf(today);
  const span = { from: monday, to: addDays(monday, 6) };
  const hours = schedule.officeHours.flatMap(({ weekday, ...rest }) =>
    isWeekday(weekday) ? hoursBetween({ ...rest, weekday }, zones.course, span) : [],
  );
  const days = [0, 1, 2, 3, 4, 5, 6].map((after) => {
    const day = addDays(monday, after);
    return {
      day,
      breaks: schedule.breaks.filter(({ from, to }) => from <= day && day <= to),
      meetings: schedule.classes.filter((one) => one.day === day),
      hours: hours.filter((one) => one.day === day && !one.cancelled),
      due: assignments.filter(({ dueDay }) => dueDay === day),
    };
  });
  const isEmpty = days.every((one) => one.breaks.length + one.meetings.length + one.due.length === 0);
  if (isEmpty) return null;
  return (
    <section aria-labelledby="glance">
      <h2 id="glance" className="sr">
        This week at a glance
      </h2>
      <ol className={classes.days}>
        {days.map(({ day, breaks, meetings, hours: held, due }) => (
          <li key={day} className={classes.day} aria-current={day === today ? "date" : undefined}>
            <h3 className={classes.name}>{sayCalendarDay(day, now)}</h3>
            {breaks.map(({ from, title }) => (
              <p key={from}>No classes: {title}</p>
            ))}
            {meetings.map(({ number, title, startsAt }) => (
              <p key={number}>
                {sayClock(new Date(startsAt), zones.course)} <a href={`#class-${number}`}>Class {number}</a>:{" "}
                {title}
              </p>
            ))}
            {held.map(({ startsAt, place }) => (
              <p key={startsAt.toISOString()} className={classes.hours}>
                {sayClock(startsAt, zones.course)} Office hours, {place}
              </p>
            ))}
            {due.map((line) => (
              <p key={line.slug} className={classes.due}>
                Due: <AssignmentTitle line={line} course={course} />
              </p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
