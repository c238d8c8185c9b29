import type { RunLine } from "#app/_server/queries/home.ts";
import { scoreOf } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { type Column, RowsTable } from "../page/rows-table.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime } from "../time/zoned-time.tsx";

interface RunsTableProps {
  runs: RunLine[];
  zone: string;
  /** Show whose run it is and lead to the staff's page of it. */
  staff?: boolean;
}

/** Runs, newest first, each a link to its page. */
export function RunsTable({ runs, zone, staff }: RunsTableProps) {
  const columns: Column<RunLine>[] = [
    { name: "State", cell: ({ state }) => <StateTag state={state} /> },
    {
      name: "Run",
      cell: ({ runId, exercise, number }) => (
        <TextLink href={staff ? `/staff/runs/${runId}` : `/runs/${runId}`}>
          {exercise}, submission {number}
        </TextLink>
      ),
    },
    staff ? { name: "Why", cell: ({ reason }) => reason } : { name: "Score", cell: scoreOf },
    {
      name: "Queued",
      cell: ({ queuedAt, course }) => (
        <ZonedTime iso={queuedAt} zones={{ reader: zone, course: course.timeZone }} />
      ),
    },
  ];
  if (staff) columns.splice(1, 0, { name: "Student", cell: ({ student }) => student });
  return <RowsTable label="Runs" columns={columns} rows={runs} rowKey={({ runId }) => runId} />;
}
