import type { StaffRow } from "#app/_server/queries/submission/staff-submissions.ts";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { formatUsd } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { EmptyState } from "../page/panel.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { LatenessTag } from "../state/lateness-tag.tsx";
import { RerunTag } from "../state/rerun-tag.tsx";
import { Score } from "../state/score.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./staff.module.css";

interface StaffTableProps {
  rows: StaffRow[];
  zones: Zones;
  nowIso: string;
  filtered: boolean;
}

export function StaffTable({ rows, zones, nowIso, filtered }: StaffTableProps) {
  if (rows.length === 0) {
    return filtered ? (
      <EmptyState title="Nothing matches.">Loosen the filters, or clear them.</EmptyState>
    ) : (
      <EmptyState title="Nothing handed in yet.">Submissions of this course show up here at once.</EmptyState>
    );
  }
  return (
    <RowsTable
      label="Submissions"
      rows={rows}
      rowKey={(row) => row.submissionId}
      columns={[
        {
          name: "Student",
          cell: ({ student, email }) => (
            <div className={classes.person}>
              {student}
              <small>{email}</small>
            </div>
          ),
        },
        { name: "Section", cell: ({ section }) => section ?? "none" },
        {
          name: "Submission",
          cell: ({ submissionId, exercise, number }) => (
            <TextLink href={`/submissions/${submissionId}`}>
              {exercise}, no. {number}
            </TextLink>
          ),
        },
        {
          name: "State",
          cell: ({ run, rerun, collected }) => (
            <>
              {run ? <StateTag state={run.state} /> : collected ? <StateTag state="received" /> : "no run"}
              {rerun ? <RerunTag rerun={rerun} staff /> : null}
            </>
          ),
        },
        {
          name: "Score",
          cell: ({ run }) => <Score score={run?.score ?? null} maxScore={run?.maxScore ?? null} />,
        },
        { name: "Cost", cell: ({ run }) => (run?.costUsd == null ? "–" : formatUsd(run.costUsd)) },
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
          name: "Open",
          cell: ({ run }) => (run ? <TextLink href={staffRunPath(run.id)}>Run</TextLink> : null),
        },
      ]}
    />
  );
}
