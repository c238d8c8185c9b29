import type { StaffRefusal } from "#app/_server/queries/submission/staff-submissions.ts";
import { formatBytes, plural } from "../format.ts";
import { EmptyState } from "../page/panel.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./staff.module.css";

interface StaffRefusalsProps {
  refusals: StaffRefusal[];
  zones: Zones;
  /** How long they are kept. */
  keptDays: number;
}

export function StaffRefusals({ refusals, zones, keptDays }: StaffRefusalsProps) {
  if (refusals.length === 0) {
    return (
      <EmptyState title="No upload was refused.">
        Uploads that break a rule of their exercise show up here, with the sentence that the student got.
      </EmptyState>
    );
  }
  return (
    <>
      <p className={classes.note}>
        Kept {plural(keptDays, "day")}. What one person had refused by the same rule within an hour is one
        line.
      </p>
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
          {
            name: "Rule",
            cell: ({ code, count }) => (
              <>
                <StateTag state="refused" word={code} />
                {count > 1 ? ` ${count} times within the hour; this is the last` : null}
              </>
            ),
          },
          { name: "The student was told", cell: ({ message }) => message },
          {
            name: "Received",
            cell: ({ receivedAt }) => <ZonedTime iso={receivedAt} zones={zones} seconds />,
          },
        ]}
      />
    </>
  );
}
