import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "@mantine/core";
import type { StaffRow } from "#app/_server/queries/staff-submissions.ts";
import { formatUsd, scoreOf } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { EmptyState } from "../page/panel.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./staff.module.css";

export function StaffTable({ rows, zones, filtered }: { rows: StaffRow[]; zones: Zones; filtered: boolean }) {
  if (rows.length === 0) {
    return filtered ? (
      <EmptyState title="Nothing matches.">Loosen the filters, or clear them.</EmptyState>
    ) : (
      <EmptyState title="Nothing handed in yet.">Submissions of this course show up here at once.</EmptyState>
    );
  }
  return (
    <ScrollBox label="Submissions">
      <Table verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>Student</TableTh>
            <TableTh>Section</TableTh>
            <TableTh>Submission</TableTh>
            <TableTh>State</TableTh>
            <TableTh>Score</TableTh>
            <TableTh>Cost</TableTh>
            <TableTh>Received</TableTh>
            <TableTh>Open</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {rows.map((row) => (
            <TableTr key={row.submissionId}>
              <TableTd className={classes.person}>
                {row.student}
                <small>{row.email}</small>
              </TableTd>
              <TableTd>{row.section ?? "none"}</TableTd>
              <TableTd>
                <TextLink href={`/submissions/${row.submissionId}`}>
                  {row.exercise}, no. {row.number}
                </TextLink>
              </TableTd>
              <TableTd>{row.run ? <StateTag state={row.run.state} /> : "no run"}</TableTd>
              <TableTd>{scoreOf(row.run)}</TableTd>
              <TableTd>{row.run?.costUsd == null ? "–" : formatUsd(row.run.costUsd)}</TableTd>
              <TableTd>
                <ZonedTime iso={row.receivedAt} zones={zones} seconds />{" "}
                {row.late ? <StateTag state="late" /> : null}
              </TableTd>
              <TableTd>
                {row.run ? <TextLink href={`/staff/runs/${row.run.id}`}>Run</TextLink> : null}
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </ScrollBox>
  );
}
