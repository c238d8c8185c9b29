import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "@mantine/core";
import type { RunLine } from "#app/_server/queries/home.ts";
import { scoreOf } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
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
  return (
    <ScrollBox label="Runs">
      <Table verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>State</TableTh>
            {staff ? <TableTh>Student</TableTh> : null}
            <TableTh>Run</TableTh>
            <TableTh>{staff ? "Why" : "Score"}</TableTh>
            <TableTh>Queued</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {runs.map((run) => (
            <TableTr key={run.runId}>
              <TableTd>
                <StateTag state={run.state} />
              </TableTd>
              {staff ? <TableTd>{run.student}</TableTd> : null}
              <TableTd>
                <TextLink href={staff ? `/staff/runs/${run.runId}` : `/runs/${run.runId}`}>
                  {run.exercise}, submission {run.number}
                </TextLink>
              </TableTd>
              <TableTd>{staff ? (run.reason ?? "") : scoreOf(run)}</TableTd>
              <TableTd>
                <ZonedTime iso={run.queuedAt} zones={{ reader: zone, course: run.course.timeZone }} />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </ScrollBox>
  );
}
