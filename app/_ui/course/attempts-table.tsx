import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "@mantine/core";
import type { AttemptRow } from "#app/_server/queries/attempts.ts";
import { formatPoints, scoreOf } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";

interface AttemptsTableProps {
  attempts: (AttemptRow & { assignment?: { slug: string }; exercise?: { slug: string; title: string } })[];
  zones: Zones;
  /** Where the exercise's column leads; null when the page is about one exercise and shows no such column. */
  course: string | null;
}

/** A student's submissions, newest first: state, score, which one counts and why. */
export function AttemptsTable({ attempts, zones, course }: AttemptsTableProps) {
  return (
    <ScrollBox label="Submissions">
      <Table verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>Submission</TableTh>
            {course ? <TableTh>Exercise</TableTh> : null}
            <TableTh>State</TableTh>
            <TableTh>Score</TableTh>
            <TableTh>Received</TableTh>
            <TableTh>Counts</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {attempts.map((attempt) => (
            <TableTr key={attempt.submissionId}>
              <TableTd>
                <TextLink href={`/submissions/${attempt.submissionId}`}>No. {attempt.number}</TextLink>
              </TableTd>
              {course && attempt.assignment && attempt.exercise ? (
                <TableTd>
                  <TextLink href={`/courses/${course}/${attempt.assignment.slug}/${attempt.exercise.slug}`}>
                    {attempt.exercise.title}
                  </TextLink>
                </TableTd>
              ) : null}
              <TableTd>
                <RunCell attempt={attempt} />
              </TableTd>
              <TableTd>
                {scoreOf(attempt.run)}
                {attempt.penaltyPercent > 0 && attempt.points !== null
                  ? ` − ${attempt.penaltyPercent}% = ${formatPoints(attempt.points)}`
                  : ""}
              </TableTd>
              <TableTd>
                <ZonedTime iso={attempt.receivedAt} zones={zones} seconds />{" "}
                {attempt.late ? <StateTag state="late" /> : null}
              </TableTd>
              <TableTd>
                {attempt.counts ? <StateTag state="counts" /> : null} {attempt.why}
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </ScrollBox>
  );
}

function RunCell({ attempt }: { attempt: AttemptRow }) {
  if (!attempt.run) return "no run";
  return (
    <>
      <StateTag state={attempt.run.state} /> <TextLink href={`/runs/${attempt.run.id}`}>run</TextLink>
    </>
  );
}
