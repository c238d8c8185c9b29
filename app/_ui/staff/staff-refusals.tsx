import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "@mantine/core";
import type { StaffRefusal } from "#app/_server/queries/staff-submissions.ts";
import { formatBytes } from "../format.ts";
import { EmptyState } from "../page/panel.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
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
    <ScrollBox label="Refused uploads">
      <Table verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>Student</TableTh>
            <TableTh>File</TableTh>
            <TableTh>Rule</TableTh>
            <TableTh>What the student was told</TableTh>
            <TableTh>Received</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {refusals.map((refusal) => (
            <TableTr key={refusal.id}>
              <TableTd>{refusal.student}</TableTd>
              <TableTd>
                <span className="mono">{refusal.fileName}</span> ({formatBytes(refusal.bytes)})
                <br />
                {refusal.exercise}
              </TableTd>
              <TableTd>
                <StateTag state="refused" word={refusal.code} />
              </TableTd>
              <TableTd>{refusal.message}</TableTd>
              <TableTd>
                <ZonedTime iso={refusal.receivedAt} zones={zones} seconds />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </ScrollBox>
  );
}
