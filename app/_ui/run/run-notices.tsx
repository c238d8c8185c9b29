import type { RunMay } from "#app/_server/queries/run-page.ts";
import type { RunBrief, RunView } from "#app/_server/queries/run-view.ts";
import { formatSpan, plural, scoreOf } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { stateWord } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./run-page.module.css";
import type { Connection } from "./use-run-live.ts";

interface RunNoticesProps {
  view: RunView;
  connection: Connection;
  may: RunMay;
  zones: Zones;
}

/** What the reader should know right now: the queue, why it waits, began again or ended, a broken connection. */
export function RunNotices({ view, connection, may, zones }: RunNoticesProps) {
  const { run, queue, logKept } = view;
  return (
    <div className={classes.notices}>
      {run.final && run.reason ? <Notice tone="warn">{run.reason}</Notice> : null}
      {!run.final ? <EarlierAttempt view={view} /> : null}
      {run.state === "queued" && queue ? <Notice tone="info">{queueSentence(queue)}</Notice> : null}
      {view.unreadable ? <Notice tone="warn">{view.unreadable}</Notice> : null}
      <Standing view={view} />
      <RerunsLeft view={view} may={may} />
      {logKept.removedAt ? (
        <Notice tone="info">
          The log of this run was removed on <ZonedTime iso={logKept.removedAt} zones={zones} /> (kept{" "}
          {plural(logKept.days, "day")}). Its result, its checks and the receipt stay.
        </Notice>
      ) : null}
      {connection === "broken" && !run.final ? (
        <Notice tone="warn">
          The connection is broken. Your run goes on; this page catches up as soon as it is back.
        </Notice>
      ) : null}
    </div>
  );
}

/** Which run of the submission counts, where that is not plainly this one. */
function Standing({ view: { run, standing } }: { view: RunView }) {
  const { counted, underWay } = standing;
  if (run.counts) {
    if (underWay === null) return null;
    return (
      <Notice tone="info">
        This submission is being graded again: <TextLink href={`/runs/${underWay.id}`}>the new run</TextLink>{" "}
        is {stateWord(underWay.state).toLowerCase()}. This run's result counts until the new one is graded.
      </Notice>
    );
  }
  if (counted === null) return null;
  const other = <TextLink href={`/runs/${counted.id}`}>{describe(counted)}</TextLink>;
  if (!run.final) {
    return <Notice tone="info">This run does not count yet: {other} counts until this one is graded.</Notice>;
  }
  const words = run.score === null ? "This run has no result and does not count" : "This run does not count";
  return (
    <Notice tone="warn">
      {words}: of the same submission {other} does.
    </Notice>
  );
}

function describe(run: RunBrief): string {
  return run.score === null
    ? `the ${stateWord(run.state).toLowerCase()} run`
    : `the run with ${scoreOf(run)}`;
}

/** How often a student may still have run again what could not be graded. */
function RerunsLeft({ view: { run, standing }, may }: { view: RunView; may: RunMay }) {
  const { studentRerunsLeft: left, noStudentRerun, underWay } = standing;
  if (may.rerun !== "ungraded" || !run.final || underWay !== null) return null;
  if (noStudentRerun !== null) return <Notice tone="info">{noStudentRerun}</Notice>;
  if (left === null) return null;
  return (
    <Notice tone="info">
      You may have this submission run again {left === 1 ? "once more" : `${left} times`}; after that the
      staff of your course may.
    </Notice>
  );
}

/** Why a run has begun again, for as long as it goes on. */
function EarlierAttempt({ view }: { view: RunView }) {
  const { attempt } = view.run;
  const before = view.attempts.find((one) => one.attempt === attempt - 1);
  if (!before?.outcome) return null;
  return (
    <Notice tone="info">
      This is attempt {attempt}. How the one before ended: {before.outcome}
    </Notice>
  );
}

function queueSentence(queue: NonNullable<RunView["queue"]>): string {
  if (queue.superseded && queue.waitsFor === null) {
    return "A newer submission of yours is graded first; this one is graded when nothing else waits.";
  }
  const { position, estimateSeconds, finishSeconds, slowFinishSeconds, basedOn, why, waitsFor } = queue;
  if (waitsFor !== null) return `${waitsFor} Your run starts by itself after that.`;
  const place = position === 1 ? "You are next." : `You are number ${position} in the queue.`;
  if (estimateSeconds === null || finishSeconds === null) return why === null ? place : `${place} ${why}`;
  const usual = rough(finishSeconds);
  const slowest = slowFinishSeconds === null ? usual : rough(slowFinishSeconds);
  const slow = slowest === usual ? "" : `, ${slowest} when it goes as slowly as the slowest did`;
  return `${place} It should start in ${rough(estimateSeconds)} and be graded in ${usual}${slow}; that rests on the last ${plural(basedOn, "run")}.`;
}

/** An estimate claims no precision that it does not have. */
function rough(seconds: number): string {
  if (seconds < 5) return "a moment";
  const step = seconds < 60 ? 5 : 30;
  return `about ${formatSpan(Math.ceil(seconds / step) * step)}`;
}
