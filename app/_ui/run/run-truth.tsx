import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { formatPoints, formatSeconds, formatUsd, plural } from "../format.ts";
import { Score } from "../state/score.tsx";
import { StateTag } from "../state/state-tag.tsx";
import classes from "./run-page.module.css";
import { runWord } from "./run-word.ts";
import { RunWorth } from "./run-worth.tsx";
import { triesOf } from "./tries-of.ts";

/** One line of truth: state, score, time, cost. On a phone state and score stay in sight. */
export function RunTruth({ view, now }: { view: RunView; now: number }) {
  const { run, machine } = view;
  const took = (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.queuedAt);
  // A clock that ticks shows whole seconds; the end is rounded as on the road below.
  const seconds = Math.max(0, run.finishedAt ? took / 1000 : Math.floor(took / 1000));
  const { number: tries } = triesOf(view);
  return (
    <div className={classes.truth}>
      <div className={classes.standing}>
        <div className={classes.staying}>
          <StateTag state={run.state} size="lg" word={runWord(view)} />
          <Score score={run.score} maxScore={run.maxScore} size="lg">
            {scoreText(view)}
          </Score>
        </div>
        <div className={classes.reached}>
          <RunWorth view={view} />
          <ChecksText view={view} />
        </div>
      </div>
      <div className={classes.facts}>
        <span className={classes.fact}>
          {formatSeconds(seconds)} {run.finishedAt ? "in all" : "so far"}
          {tries > 1 ? `, attempt ${tries}` : ""}
        </span>
        <span className={classes.fact}>
          {machine
            ? `${formatUsd(view.costUsd)} · ${machineWord(machine.state)}`
            : run.final
              ? "no machine"
              : "no machine yet"}
        </span>
      </div>
    </div>
  );
}

/** Of a run without a result what was seen before it ended. */
function ChecksText({ view: { run, checks } }: { view: RunView }) {
  const count = (...verdicts: (string | null)[]) =>
    checks.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const gradedNone = count("passed", "failed") === 0;
  const [some, did] =
    !run.final || run.score !== null
      ? [count("passed"), "passed"]
      : gradedNone
        ? ["none", "graded"]
        : [count("passed"), "had passed"];
  return (
    <span className={classes.fact}>
      {some} of {plural(checks.length, "check")} {did}
    </span>
  );
}

function scoreText({ run, checks }: RunView): string {
  const most = run.maxScore === null ? "" : ` / ${formatPoints(run.maxScore)}`;
  if (run.score !== null) return `${formatPoints(run.score)}${most} points`;
  if ((run.state === "queued" || run.state === "claimed") && run.maxScore !== null)
    return `${formatPoints(run.maxScore)} points to earn`;
  const sofar = checks.reduce((sum, check) => sum + check.points, 0);
  if (run.final) return "no score";
  // Told to be graded by an event; the server's own view follows at once.
  return `${formatPoints(sofar)}${most} points${run.state === "graded" ? "" : " so far"}`;
}

function machineWord(state: NonNullable<RunView["machine"]>["state"]): string {
  if (state === "terminated" || state === "lost") return "machine ended";
  return state === "draining" ? "machine ending" : "machine running";
}

/** What a screen reader is told when the state changes. */
export function runSentence(view: RunView): string {
  const { run } = view;
  if (run.state === "graded" && run.score !== null) {
    const most = run.maxScore === null ? "" : ` of ${formatPoints(run.maxScore)}`;
    return `Graded: ${formatPoints(run.score)}${most} points`;
  }
  return runWord(view);
}
