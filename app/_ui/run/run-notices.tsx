import type { RunView } from "#app/_server/queries/run-view.ts";
import { formatSpan, plural } from "../format.ts";
import { Notice } from "../page/notice.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./run-page.module.css";
import type { Connection } from "./use-run-live.ts";

interface RunNoticesProps {
  view: RunView;
  connection: Connection;
  zones: Zones;
}

/** What the reader should know right now: the queue, why it waits, began again or ended, a broken connection. */
export function RunNotices({ view, connection, zones }: RunNoticesProps) {
  const { run, queue, logKept } = view;
  return (
    <div className={classes.notices}>
      {run.final && run.reason ? <Notice tone="warn">{run.reason}</Notice> : null}
      {!run.final ? <EarlierAttempt view={view} /> : null}
      {run.state === "queued" && queue ? <Notice tone="info">{queueSentence(queue)}</Notice> : null}
      {!run.counts ? (
        <Notice tone="warn">This run does not count: a newer run of the same submission replaced it.</Notice>
      ) : null}
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
