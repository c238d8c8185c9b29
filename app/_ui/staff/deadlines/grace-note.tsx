import type { StaffAssignmentView } from "#app/_server/queries/course/staff-assignment.ts";
import { formatSpan } from "../../format.ts";
import classes from "./deadlines.module.css";

/** What the grace is and who said so: staff's stands over the file's, however often the course is loaded. */
export function GraceNote({ grace, hasDue }: { grace: StaffAssignmentView["grace"]; hasDue: boolean }) {
  if (!hasDue) return <p className={classes.line}>Without a due date there is no grace.</p>;
  const inWords = (seconds: number) => (seconds === 0 ? "no grace" : formatSpan(seconds));
  return (
    <p className={classes.line}>
      {grace.staff === null ? (
        <>
          <b>{inWords(grace.inForce)}</b>, as course.yaml says.
        </>
      ) : (
        <>
          <b>{inWords(grace.inForce)}</b>, as staff set it. course.yaml says {inWords(grace.file)}; loading
          the course again does not change what staff set.
        </>
      )}
    </p>
  );
}
