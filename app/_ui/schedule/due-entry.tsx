import { IconCalendarDue } from "@tabler/icons-react";
import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { AssignmentTitle } from "../course/assignment-title.tsx";
import { SaidTime } from "../time/said-time.tsx";
import classes from "./schedule.module.css";

/** What is due in a week, at its day. */
export function DueEntry({ line, course }: { line: AssignmentLine; course: string }) {
  const { due } = line.deadline;
  return (
    <p className={classes.due}>
      <IconCalendarDue size={16} aria-hidden />
      <span>
        <AssignmentTitle line={line} course={course} />
        {due ? (
          <>
            {" "}
            is due <SaidTime at={due} />
          </>
        ) : null}
      </span>
    </p>
  );
}
