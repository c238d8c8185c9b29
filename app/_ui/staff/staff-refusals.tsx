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
  nowIso: string;
  /** How long they are kept. */
  keptDays: number;
}

/** Reading ends at the limit, so how large an upload was is only known where its sender said. */
function sizeOf({ bytes, wholeBytes }: Pick<StaffRefusal, "bytes" | "wholeBytes">): string {
  if (wholeBytes !== null) return formatBytes(wholeBytes);
  return bytes === 0 ? "size unknown" : `more than ${formatBytes(bytes)}`;
}

export function StaffRefusals({ refusals, zones, nowIso, keptDays }: StaffRefusalsProps) {
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
            cell: ({ fileName, exercise, ...size }) => (
              <>
                <span className="mono">{fileName}</span> ({sizeOf(size)})
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
            cell: ({ receivedAt }) => <ZonedTime iso={receivedAt} zones={zones} nowIso={nowIso} />,
          },
        ]}
      />
    </>
  );
}
