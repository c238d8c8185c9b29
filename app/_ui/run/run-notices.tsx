import type { RunMay } from "#app/_server/queries/run/run-page.ts";
import type { RunBrief, RunView } from "#app/_server/queries/run/run-view.ts";
import { runPath } from "#app/_ui/addresses.ts";
import { plural, scoreOf } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { stateWord } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import { NoResult } from "./no-result.tsx";
import classes from "./run-page.module.css";
import { Steady } from "./steady.tsx";
import { triesOf } from "./tries-of.ts";
import { queueSentence, underWaySentence } from "./waiting-words.ts";

interface RunNoticesProps {
  view: RunView;
  /** Milliseconds. */
  now: number;
  /** The reader handed the work in. */
  own: boolean;
  may: RunMay;
  zones: Zones;
}

/** What the reader should know right now: the queue, how long it takes, why it waits, began again or ended. */
export function RunNotices({ view, now, own, may, zones }: RunNoticesProps) {
  const { run, queue, logKept } = view;
  const underWay = underWaySentence(view, now);
  return (
    <Steady className={classes.notices}>
      {run.final ? (
        <NoResult
          run={run}
          own={own}
          rerun={{ ...view.standing, may: may.rerun }}
          replaced={view.standing.underWay !== null || (view.standing.counted ?? run).state === "graded"}
        />
      ) : null}
      {!run.final ? <EarlierAttempt view={view} /> : null}
      {run.state === "queued" && queue ? <Notice tone="info">{queueSentence(queue)}</Notice> : null}
      {underWay === null ? null : <Notice tone="info">{underWay}</Notice>}
      {view.unreadable ? <Notice tone="warn">{view.unreadable}</Notice> : null}
      <Standing view={view} />
      {logKept.removedAt ? (
        <Notice tone="info">
          The log of this run was removed on <ZonedTime iso={logKept.removedAt} zones={zones} /> (kept{" "}
          {plural(logKept.days, "day")}). Its result, its checks and the receipt stay.
        </Notice>
      ) : null}
    </Steady>
  );
}

/** Which run of the submission counts, where that is not plainly this one. */
function Standing({ view: { run, standing } }: { view: RunView }) {
  const { counted, underWay } = standing;
  if (run.counts) {
    if (underWay === null) return null;
    return (
      <Notice tone="info">
        This submission is being graded again: <RunLink run={underWay} /> is{" "}
        {stateWord(underWay.state).toLowerCase()}. This run's result counts until that one is graded.
      </Notice>
    );
  }
  if (counted === null) return null;
  if (!run.final) {
    return (
      <Notice tone="info">
        This run does not count yet: <RunLink run={counted} /> counts until this one is graded.
      </Notice>
    );
  }
  const words = run.score === null ? "This run has no result and does not count" : "This run does not count";
  if (counted.score !== null) {
    return (
      <Notice tone="warn">
        {words}: <RunLink run={counted} /> does.
      </Notice>
    );
  }
  return (
    <Notice tone="warn">
      {words}. <RunLink run={counted} /> took its place: {fate(counted.state)}.
    </Notice>
  );
}

/** A run of the same submission by its number, with its result. */
function RunLink({ run }: { run: RunBrief }) {
  const name = `run ${run.number}`;
  return (
    <TextLink href={runPath(run.id)}>{run.score === null ? name : `${name}, with ${scoreOf(run)},`}</TextLink>
  );
}

function fate(state: RunBrief["state"]): string {
  if (state === "cancelled") return "it was cancelled and has no result";
  if (state === "not_gradable") return "it could not be graded and has no result";
  return `it is ${stateWord(state).toLowerCase()}`;
}

/** Why a run has begun again, for as long as it goes on. */
function EarlierAttempt({ view }: { view: RunView }) {
  const { before, number } = triesOf(view);
  if (!before?.outcome) return null;
  return (
    <Notice tone="info">
      This is attempt {number}. How the one before ended: {before.outcome}
    </Notice>
  );
}
