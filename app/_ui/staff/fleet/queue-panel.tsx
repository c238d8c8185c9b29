import type { FleetView } from "#app/_server/queries/fleet/machines.ts";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { formatSpan, plural } from "../../format.ts";
import { TextLink } from "../../page/links.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";

/** What waits, how long, and for what. */
export function QueuePanel({ queue, waiting, stop }: Pick<FleetView, "queue" | "waiting" | "stop">) {
  const next =
    stop === null
      ? "What is handed in starts at once while there is room for a machine."
      : "What is handed in waits here until the fleet is started again.";
  const elsewhere = queue.waiting - waiting.length;
  return (
    <Panel
      title="Queue"
      aside={<span className="num">{plural(queue.waiting, "run")} in all courses</span>}
      flush
    >
      {waiting.length === 0 ? (
        <EmptyState title="No run of this course waits.">
          {elsewhere > 0
            ? `${plural(elsewhere, "run")} of other courses ${elsewhere === 1 ? "does" : "do"}.`
            : next}
        </EmptyState>
      ) : (
        <RowsTable
          label="Runs that wait"
          rows={waiting}
          rowKey={({ runId }) => runId}
          columns={[
            {
              name: "Run",
              cell: ({ runId, exercise }) => <TextLink href={staffRunPath(runId)}>{exercise}</TextLink>,
            },
            { name: "Student", cell: ({ student }) => student },
            { name: "Waits", end: true, cell: ({ waitsSeconds }) => formatSpan(Math.round(waitsSeconds)) },
            { name: "For", cell: ({ reason }) => reason ?? "its turn" },
          ]}
        />
      )}
    </Panel>
  );
}
