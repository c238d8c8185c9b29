import type { RunLine } from "#app/_server/queries/course/home.ts";
import { runPath } from "#app/_ui/addresses.ts";
import { worthText } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { type Column, RowsTable } from "../page/rows-table.tsx";
import { Score } from "../state/score.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime } from "../time/zoned-time.tsx";

interface RunsTableProps {
  runs: RunLine[];
  zone: string;
  nowIso: string;
}

/** Runs, newest first, each a link to its page. */
export function RunsTable({ runs, zone, nowIso }: RunsTableProps) {
  const columns: Column<RunLine>[] = [
    { name: "State", cell: ({ state }) => <StateTag state={state} /> },
    {
      name: "Run",
      cell: ({ runId, exercise, number }) => (
        <TextLink href={runPath(runId)}>
          {exercise}, submission {number}
        </TextLink>
      ),
    },
    {
      name: "Score",
      cell: (run) => (
        <Score score={run.score} maxScore={run.maxScore}>
          {run.worth ? worthText(run.worth) : undefined}
        </Score>
      ),
    },
    {
      name: "Queued",
      cell: ({ queuedAt, course }) => (
        <ZonedTime iso={queuedAt} zones={{ reader: zone, course: course.timeZone }} nowIso={nowIso} />
      ),
    },
  ];
  return <RowsTable label="Runs" columns={columns} rows={runs} rowKey={({ runId }) => runId} />;
}
