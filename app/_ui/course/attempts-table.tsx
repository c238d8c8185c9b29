import type { AttemptRow } from "#app/_server/queries/run/attempts.ts";
import { exercisePath, runPath } from "#app/_ui/addresses.ts";
import { TextLink } from "../page/links.tsx";
import { type Column, RowsTable } from "../page/rows-table.tsx";
import { LatenessTag } from "../state/lateness-tag.tsx";
import { RerunTag } from "../state/rerun-tag.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import { AttemptScore } from "./attempt-score.tsx";

type Attempt = AttemptRow & { assignment?: { slug: string }; exercise?: { slug: string; title: string } };

interface AttemptsTableProps {
  attempts: Attempt[];
  zones: Zones;
  nowIso: string;
  /** Where the exercise's column leads; null when the page is about one exercise and shows no such column. */
  course: string | null;
}

/** A student's submissions, newest first: state, score, which one counts and why. */
export function AttemptsTable({ attempts, zones, nowIso, course }: AttemptsTableProps) {
  const columns: Column<Attempt>[] = [
    {
      name: "Submission",
      cell: ({ submissionId, number, sentBy }) => (
        <>
          <TextLink href={`/submissions/${submissionId}`}>No. {number}</TextLink>
          {sentBy === null ? null : ` by ${sentBy}`}
        </>
      ),
    },
    { name: "State", cell: (attempt) => <RunCell attempt={attempt} /> },
    { name: "Score", cell: (attempt) => <AttemptScore attempt={attempt} /> },
    {
      name: "Received",
      cell: ({ receivedAt, lateness }) => (
        <>
          <ZonedTime iso={receivedAt} zones={zones} nowIso={nowIso} />{" "}
          <LatenessTag lateness={lateness} onlyLate />
        </>
      ),
    },
    {
      name: "Counts",
      cell: ({ counts, why }) => (
        <>
          {counts ? <StateTag state="counts" /> : null} {why}
        </>
      ),
    },
  ];
  if (course !== null) columns.splice(1, 0, exerciseColumn(course));
  return (
    <RowsTable
      label="Submissions"
      columns={columns}
      rows={attempts}
      rowKey={(attempt) => attempt.submissionId}
    />
  );
}

const exerciseColumn = (course: string): Column<Attempt> => ({
  name: "Exercise",
  cell: ({ assignment, exercise }) =>
    assignment && exercise ? (
      <TextLink href={exercisePath(course, assignment.slug, exercise.slug)}>{exercise.title}</TextLink>
    ) : null,
});

function RunCell({ attempt }: { attempt: AttemptRow }) {
  if (attempt.collected) return <StateTag state="received" />;
  if (!attempt.run) return "no run";
  return (
    <>
      <StateTag state={attempt.run.state} /> <TextLink href={runPath(attempt.run.id)}>run</TextLink>
      {attempt.rerun ? <RerunTag rerun={attempt.rerun} /> : null}
    </>
  );
}
