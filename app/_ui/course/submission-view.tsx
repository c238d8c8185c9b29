import { IconDownload } from "@tabler/icons-react";
import type { SubmissionPageView } from "#app/_server/queries/submission/submission-page.ts";
import { runPath, staffRunPath } from "#app/_ui/addresses.ts";
import { courseWorth } from "#course/gradebook/course-worth.ts";
import { afterLateness } from "#course/gradebook/which-counts.ts";
import { standingOf } from "#grading/runs/counting.ts";
import { isFinal } from "#grading/runs/run-state.ts";
import { changesAddress, fileAddress, filesAddress } from "../files/file-address.ts";
import { NoList } from "../files/no-list.tsx";
import { SubmissionTabs } from "../files/submission-tabs.tsx";
import { visibleText } from "../files/visible-text.ts";
import { checksPoints, formatBytes, plural } from "../format.ts";
import { Follow } from "../page/follow.tsx";
import { LinkButton, TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { PageHead } from "../page/page-head.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { RefusedNews } from "../page/refused-news.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { ReceiptCard } from "../receipt/receipt-card.tsx";
import { NoResult } from "../run/no-result.tsx";
import { RerunForm } from "../run/rerun-form.tsx";
import { exerciseCrumbs } from "../run/run-crumbs.ts";
import { mayRerun } from "../run/what-may.ts";
import { LatenessTag } from "../state/lateness-tag.tsx";
import { RerunTag } from "../state/rerun-tag.tsx";
import { Score } from "../state/score.tsx";
import { StateTag, stateWord } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import { AttemptScore } from "./attempt-score.tsx";
import classes from "./exercise-view.module.css";

interface SubmissionViewProps {
  view: SubmissionPageView;
  /** The reader handed it in, or another of their team. */
  own: boolean;
  /** The reader is of the course's staff: they may make another graded run count. */
  staff: boolean;
  /** Why what the reader asked for last was not done. */
  refused: string | null;
  zones: Zones;
}

/** What was handed in, the proof of it, and every run of it. */
export function SubmissionView({ view, own, staff, refused, zones }: SubmissionViewProps) {
  const { exercise, receipt } = view;
  const counted = view.runs.find((run) => run.counts) ?? null;
  const rerun = counted && standingOf(view.runs, counted.id).underWay;
  const underWay = view.runs.some((run) => !isFinal(run.state));
  return (
    <>
      <PageHead
        crumbs={exerciseCrumbs(view)}
        title={`Submission ${view.number}${own ? "" : ` of ${view.student.name}`}`}
        state={
          <>
            {view.collected ? (
              <StateTag state="received" />
            ) : counted ? (
              <StateTag state={counted.state} />
            ) : (
              <span>no run counts</span>
            )}
            {view.collected ? null : <CountedScore view={view} />}
            {rerun ? <RerunTag rerun={rerun} /> : null}
            <LatenessTag lateness={view.lateness} />
            {view.team ? <span>{teamLine(view.student.name, view.team)}</span> : null}
          </>
        }
        actions={
          <>
            {counted && !underWay && counted.state !== "graded" && mayRerun(view.rerun.may, view.rerun) ? (
              <RerunForm
                runId={counted.id}
                whose={own ? "your" : `${view.student.name}'s`}
                exercise={exercise.title}
                counted={counted.state}
                right={view.rerun.may}
                left={view.rerun.studentRerunsLeft}
              />
            ) : null}
            {counted ? <LinkButton href={runPath(counted.id)}>Open the run</LinkButton> : null}
            <LinkButton
              href={`/api/submissions/${receipt.submissionId}/file`}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              Download files
            </LinkButton>
          </>
        }
      />
      <SubmissionTabs submissionId={receipt.submissionId} current="submission" collected={view.collected} />
      {underWay ? <Follow /> : null}
      <div className={classes.told}>
        <RefusedNews sentence={refused} />
        {counted ? <NoResult run={counted} own={own} rerun={view.rerun} replaced={underWay} /> : null}
      </div>
      {rerun ? (
        <div className={classes.refusal}>
          <Notice tone="info">
            This submission is being graded again: the new run is {stateWord(rerun.state).toLowerCase()}. The
            result of now counts until that run is graded.
          </Notice>
        </div>
      ) : null}
      <div className={classes.grid}>
        <div className={classes.stack}>
          <Panel title="Receipt">
            <ReceiptCard receipt={receipt} zones={zones} />
          </Panel>
          {view.collected ? null : (
            <Panel title="Runs" aside={<span className="num">{plural(view.runs.length, "run")}</span>} flush>
              {view.runs.length === 0 ? (
                <EmptyState title="No run.">A run is made with every submission; tell staff.</EmptyState>
              ) : (
                <RunsOfSubmission runs={view.runs} zones={zones} staff={staff} />
              )}
            </Panel>
          )}
        </div>
        <Files files={view.files} submissionId={receipt.submissionId} number={view.number} />
      </div>
    </>
  );
}

function teamLine(sender: string, members: string[]): string {
  const others = members.filter((name) => name !== sender);
  return others.length === 0 ? `handed in by ${sender}` : `handed in by ${sender}, with ${others.join(", ")}`;
}

/** Of the run that counts, in the course's points, less what lateness takes. */
function CountedScore({ view: { runs, share, lateness } }: { view: SubmissionPageView }) {
  const run = runs.find(({ counts }) => counts) ?? null;
  const points =
    run === null || run.score === null ? null : afterLateness(run.score, lateness.penaltyPercent);
  const worth = courseWorth({ points, of: run?.maxScore ?? null }, share);
  return <AttemptScore attempt={{ run, lateness, points, worth }} />;
}

/** Of more files the first are named; all of them are a click away. */
const mostNamed = 25;

interface FilesProps extends Pick<SubmissionPageView, "files" | "number"> {
  submissionId: string;
}

function Files({ files, submissionId, number }: FilesProps) {
  if (files === null) return <NoList />;
  return (
    <Panel title="Files" aside={<span className="num">{plural(files.length, "file")}</span>} flush>
      <ul className={classes.checks}>
        {files.slice(0, mostNamed).map((file) => (
          <li key={file.path}>
            <TextLink href={fileAddress(submissionId, file.path)}>
              <span className="mono">{visibleText(file.path)}</span>
            </TextLink>
            <b className="num">{formatBytes(file.bytes)}</b>
          </li>
        ))}
        <li>
          <TextLink href={filesAddress(submissionId)}>
            {files.length > mostNamed ? `All ${files.length} files` : "Look at the files"}
          </TextLink>
          {number > 1 ? (
            <TextLink href={changesAddress(submissionId)}>What changed since the attempt before</TextLink>
          ) : null}
        </li>
      </ul>
    </Panel>
  );
}

type RunRow = SubmissionPageView["runs"][number];

function RunsOfSubmission({ runs, zones, staff }: { runs: RunRow[]; zones: Zones; staff: boolean }) {
  return (
    <RowsTable
      label="Runs"
      rows={runs}
      rowKey={(run) => run.id}
      columns={[
        {
          name: "Run",
          cell: ({ id, number }) => <TextLink href={runPath(id)}>Run {number}</TextLink>,
        },
        { name: "State", cell: ({ state }) => <StateTag state={state} /> },
        {
          name: "Score",
          cell: (run) => (
            <Score score={run.score} maxScore={run.maxScore}>
              {run.score === null ? undefined : checksPoints(run)}
            </Score>
          ),
        },
        { name: "Queued", cell: ({ queuedAt }) => <ZonedTime iso={queuedAt} zones={zones} /> },
        { name: "Counts", cell: (run) => <Counts run={run} staff={staff} /> },
      ]}
    />
  );
}

/** Why a run counts or not, and for staff the way to change it. */
function Counts({ run, staff }: { run: RunRow; staff: boolean }) {
  if (run.counts) return <StateTag state="counts" />;
  if (!isFinal(run.state)) return "once it is graded";
  if (run.state !== "graded") return "no: it has no result";
  return (
    <>
      no: another run does{" "}
      {staff ? <TextLink href={`${staffRunPath(run.id)}#result`}>Let this one count</TextLink> : null}
    </>
  );
}
