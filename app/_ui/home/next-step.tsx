import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { assignmentPath } from "#app/_ui/addresses.ts";
import { wentUngraded } from "#grading/runs/counting.ts";
import { LinkButton } from "../page/links.tsx";
import classes from "./home.module.css";

/** What a student does next about an assignment. */
export function NextStep({ line, course }: { line: AssignmentLine; course: string }) {
  const [exercise] = line.exercises;
  const base = assignmentPath(course, line.slug);
  if (!exercise) {
    return (
      <LinkButton href={base} variant="default">
        Open
      </LinkButton>
    );
  }
  const handedIn = exercise.attempts.length > 0;
  const last = exercise.attempts.find(({ counts }) => counts) ?? exercise.attempts[0];
  if (last?.run && last.rerun === null && wentUngraded(last.run)) {
    return (
      <div className={classes.steps}>
        <LinkButton href={`/submissions/${last.submissionId}`}>Why, and run again</LinkButton>
        <LinkButton href={`${base}/${exercise.slug}`} variant="default">
          Submit again
        </LinkButton>
      </div>
    );
  }
  return (
    <LinkButton href={`${base}/${exercise.slug}`} variant={handedIn ? "default" : "filled"}>
      {handedIn ? "Submit again" : "Submit"}
    </LinkButton>
  );
}
