import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { formatPoints, worthText } from "../format.ts";
import { RowsTable } from "../page/rows-table.tsx";
import { RerunTag } from "../state/rerun-tag.tsx";
import { Score } from "../state/score.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { DeadlineTag } from "../time/deadline-block.tsx";
import { DueCell } from "../time/due.tsx";
import { AssignmentTitle } from "./assignment-title.tsx";

interface AssignmentsTableProps {
  course: string;
  assignments: AssignmentLine[];
  nowIso: string;
}

/** The schedule: every assignment with its deadline, and where the reader stands. */
export function AssignmentsTable({ course, assignments, nowIso }: AssignmentsTableProps) {
  return (
    <RowsTable
      label="Assignments"
      rows={assignments}
      rowKey={(line) => line.slug}
      columns={[
        {
          name: "Assignment",
          cell: (line) => <AssignmentTitle line={line} course={course} />,
        },
        { name: "State", cell: (line) => <DeadlineTag status={line.deadline.status} /> },
        { name: "Due", cell: ({ deadline }) => <DueCell at={deadline.due} nowIso={nowIso} /> },
        {
          name: "Points",
          cell: (line) => `${formatPoints(line.points)}${line.extraCredit ? " extra" : ""}`,
          end: true,
        },
        { name: "Yours", cell: (line) => <Yours line={line} /> },
      ]}
    />
  );
}

const whyNothing = ({ collected }: { collected: boolean }) =>
  collected ? "nothing counts for you" : "nothing counts: its run was cancelled";

/** Where the reader stands with the exercises of an assignment. */
export function Yours({ line }: { line: AssignmentLine }) {
  if (line.locked) return "not open yet";
  if (line.exercises.length === 0) return line.handIn ?? "nothing to hand in";
  return line.exercises.map((exercise) => {
    const counted = exercise.attempts.find((attempt) => attempt.counts);
    if (counted?.collected) return <StateTag key={exercise.slug} state="received" />;
    if (!counted?.run) {
      const word = exercise.attempts.length === 0 ? "not handed in" : whyNothing(exercise);
      return <div key={exercise.slug}>{word}</div>;
    }
    return (
      <div key={exercise.slug}>
        {counted.points === null ? (
          <StateTag state={counted.run.state} />
        ) : (
          <Score score={counted.points} maxScore={counted.run.maxScore ?? exercise.maxPoints}>
            {counted.worth ? worthText(counted.worth) : undefined}
          </Score>
        )}
        {counted.rerun ? <RerunTag rerun={counted.rerun} /> : null}
      </div>
    );
  });
}
