import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import type { ClassView, ScheduleView } from "#app/_server/queries/course/schedule.ts";
import { dayIn } from "#course/catalogue/calendar-days.ts";
import { byWeek, mondayOf, type Week } from "#course/catalogue/weeks.ts";
import { sayCalendarDay } from "#course/deadlines/say-instant.ts";
import type { Zones } from "../time/every-clock.ts";
import { ClassEntry } from "./class-entry.tsx";
import { DueEntry } from "./due-entry.tsx";
import classes from "./schedule.module.css";

interface ScheduleWeeksProps {
  course: string;
  schedule: ScheduleView;
  assignments: AssignmentLine[];
  zones: Zones;
  now: Date;
  /** Staff, who mark where today's class is. */
  isStaff: boolean;
}

type Thing =
  | { kind: "class"; day: string; one: ClassView }
  | { kind: "break"; day: string; from: string; to: string; title: string }
  | { kind: "due"; day: string; line: AssignmentLine };

/** The term week by week: this week first, then those ahead, and the past folded. Nothing is folded on paper. */
export function ScheduleWeeks(props: ScheduleWeeksProps) {
  const { schedule, assignments, zones, now } = props;
  const things: Thing[] = [
    ...schedule.classes.map((one) => ({ kind: "class" as const, day: one.day, one })),
    ...schedule.breaks.map((one) => ({ kind: "break" as const, day: one.from, ...one })),
    ...assignments.flatMap((line) =>
      line.dueDay === null ? [] : [{ kind: "due" as const, day: line.dueDay, line }],
    ),
  ];
  const weeks = byWeek(things, (thing) => thing.day);
  const current = mondayOf(dayIn(zones.course, now));
  const past = weeks.filter(({ monday }) => monday < current);
  const ahead = weeks.filter(({ monday }) => monday >= current);
  return (
    <>
      {ahead.map((week) => (
        <WeekPart key={week.monday} week={week} isNow={week.monday === current} {...props} />
      ))}
      {past.length > 0 ? (
        <details className={classes.past} open={ahead.length === 0}>
          <summary>{past.length === 1 ? "One week before" : `${past.length} weeks before`}</summary>
          {past.map((week) => (
            <WeekPart key={week.monday} week={week} isNow={false} {...props} />
          ))}
        </details>
      ) : null}
    </>
  );
}

function WeekPart({ week, isNow, ...props }: ScheduleWeeksProps & { week: Week<Thing>; isNow: boolean }) {
  const { course, assignments, zones, now, isStaff } = props;
  const today = dayIn(zones.course, now);
  return (
    <section className={classes.week} aria-label={`Week of ${week.monday}`}>
      <h2 className={classes.weekTitle}>
        Week of {sayCalendarDay(week.monday, now)}
        {isNow ? <span className={classes.now}>This week</span> : null}
      </h2>
      {week.things.map((thing) => {
        if (thing.kind === "due")
          return <DueEntry key={`due ${thing.line.slug}`} line={thing.line} course={course} />;
        if (thing.kind === "break") {
          return (
            <p key={`break ${thing.from}`} className={classes.noClass}>
              No classes {sayDays(thing, now)}: {thing.title}
            </p>
          );
        }
        const released = assignments.filter((line) => line.releaseDay === thing.one.day);
        return (
          <ClassEntry
            key={`class ${thing.one.number}`}
            {...{ one: thing.one, course, zones, now, released }}
            mayMark={isStaff && thing.day === today}
            level={3}
          />
        );
      })}
    </section>
  );
}

function sayDays({ from, to }: { from: string; to: string }, now: Date): string {
  const first = sayCalendarDay(from, now);
  return to === from ? `on ${first}` : `from ${first} to ${sayCalendarDay(to, now)}`;
}
