import type { StaffRefusal } from "#app/_server/queries/staff-submissions.ts";
import { formatBytes } from "../format.ts";
import { EmptyState } from "../page/panel.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";

export function StaffRefusals({ refusals, zones }: { refusals: StaffRefusal[]; zones: Zones }) {
  if (refusals.length === 0) {
    return (
      <EmptyState title="No upload was refused.">
        Uploads that break a rule of their exercise show up here, with the sentence that the student got.
      </EmptyState>
    );
  }
  return (
    <RowsTable
      label="Refused uploads"
      rows={refusals}
      rowKey={(refusal) => refusal.id}
      columns={[
        { name: "Student", cell: ({ student }) => student },
        {
          name: "File",
          cell: ({ fileName, bytes, exercise }) => (
            <>
              <span className="mono">{fileName}</span> ({formatBytes(bytes)})
              <br />
              {exercise}
            </>
          ),
        },
        { name: "Rule", cell: ({ code }) => <StateTag state="refused" word={code} /> },
        { name: "The student was told", cell: ({ message }) => message },
        { name: "Received", cell: ({ receivedAt }) => <ZonedTime iso={receivedAt} zones={zones} seconds /> },
      ]}
    />
  );
}
