import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { formatPoints } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { RerunTag } from "../state/rerun-tag.tsx";
import { Score } from "../state/score.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { Countdown } from "../time/countdown.tsx";
import { DeadlineTag } from "../time/deadline-block.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";

interface AssignmentsTableProps {
  course: string;
  assignments: AssignmentLine[];
  zones: Zones;
  nowIso: string;
}

/** The schedule: every assignment with its deadline, and where the reader stands. */
export function AssignmentsTable({ course, assignments, zones, nowIso }: AssignmentsTableProps) {
  return (
    <RowsTable
      label="Assignments"
      rows={assignments}
      rowKey={(line) => line.slug}
      columns={[
        {
          name: "Assignment",
          cell: (line) => <TextLink href={`/courses/${course}/${line.slug}`}>{line.title}</TextLink>,
        },
        { name: "State", cell: (line) => <DeadlineTag status={line.deadline.status} /> },
        { name: "Due", cell: (line) => <Due line={line} zones={zones} nowIso={nowIso} /> },
        { name: "Points", cell: (line) => formatPoints(line.points), end: true },
        { name: "Yours", cell: (line) => <Yours line={line} /> },
      ]}
    />
  );
}

function Due({ line, zones, nowIso }: { line: AssignmentLine; zones: Zones; nowIso: string }) {
  const { due } = line.deadline;
  if (!due) return "no deadline";
  return (
    <>
      <ZonedTime iso={due.shown.toISOString()} zones={zones} seconds />
      <br />
      <Countdown iso={due.instant.toISOString()} nowIso={nowIso} />
    </>
  );
}

/** Where the reader stands with the exercises of an assignment. */
export function Yours({ line }: { line: AssignmentLine }) {
  if (line.exercises.length === 0) return "nothing to hand in";
  return line.exercises.map((exercise) => {
    const counted = exercise.attempts.find((attempt) => attempt.counts);
    if (!counted?.run) {
      const word = exercise.attempts.length === 0 ? "not handed in" : "nothing counts: its run was cancelled";
      return <div key={exercise.slug}>{word}</div>;
    }
    return (
      <div key={exercise.slug}>
        {counted.points === null ? (
          <StateTag state={counted.run.state} />
        ) : (
          <Score score={counted.points} maxScore={exercise.maxPoints} />
        )}
        {counted.rerun ? <RerunTag rerun={counted.rerun} /> : null}
      </div>
    );
  });
}
