import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { dayIn } from "#course/catalogue/calendar-days.ts";
import { byWeek, mondayOf } from "#course/catalogue/weeks.ts";
import { sayCalendarDay } from "#course/deadlines/say-instant.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import { Panel } from "../page/panel.tsx";
import classes from "./assignment-weeks.module.css";
import { AssignmentsTable } from "./assignments-table.tsx";

interface AssignmentWeeksProps {
  course: string;
  assignments: AssignmentLine[];
  now: Date;
}

/** Assignments by the week in which they are due: this one first, what is past folded, what has no date last. */
export function AssignmentWeeks({ course, assignments, now }: AssignmentWeeksProps) {
  const dated = assignments.flatMap((line) => (line.dueDay === null ? [] : [{ line, day: line.dueDay }]));
  const without = assignments.filter((line) => line.dueDay === null);
  const current = mondayOf(dayIn(anywhereOnEarth, now));
  const weeks = byWeek(dated, ({ day }) => day);
  const past = weeks.filter(({ monday }) => monday < current).reverse();
  const nowIso = now.toISOString();
  const table = (lines: AssignmentLine[]) => (
    <AssignmentsTable course={course} assignments={lines} nowIso={nowIso} />
  );
  return (
    <div className={classes.weeks}>
      {weeks
        .filter(({ monday }) => monday >= current)
        .map(({ monday, things }) => (
          <Panel
            key={monday}
            title={`Due in the week of ${sayCalendarDay(monday, now)}`}
            aside={monday === current ? <span>This week</span> : null}
            flush
          >
            {table(things.map(({ line }) => line))}
          </Panel>
        ))}
      {without.length > 0 ? (
        <Panel title="Without a date" flush>
          {table(without)}
        </Panel>
      ) : null}
      {past.length > 0 ? (
        <details className={classes.past}>
          <summary>
            Due before this week <span className="num">({past.flatMap(({ things }) => things).length})</span>
          </summary>
          {table(past.flatMap(({ things }) => things.map(({ line }) => line)))}
        </details>
      ) : null}
    </div>
  );
}
