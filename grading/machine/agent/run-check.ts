import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import type { CheckSpec, ExerciseSpec } from "../../exercises/spec/spec.ts";
import type { CheckOutcome, RunEvent, ShownLines } from "../../protocol/messages.ts";
import { MachineFault } from "../checks/kit/credit/platform-fault.ts";
import { TimeLimitPassed } from "../checks/kit/credit/time-limit.ts";
import type { CheckContext, CheckDefinition, CheckVerdict } from "../checks/kit/define-check.ts";
import type { KubernetesCluster } from "../checks/kit/kubernetes-cluster.ts";
import { ShownByCheck } from "../checks/kit/shown/shown.ts";
import { describeError } from "./describe-error.ts";
import { broken, cutShort, outcomeOf, timedOut } from "./judge-check.ts";
import { createLiveLog } from "./log/live-log.ts";
import { isMachineWell } from "./machine-well.ts";
import { runCommand } from "./run-command.ts";
import type { Facilities } from "./start-facilities.ts";

/** How long a check may take to put away its containers after its time limit before it is left behind. */
const cleanUpMs = 15_000;
const maxStaffChars = 128 * 1024;

export interface ChecksRun {
  spec: ExerciseSpec;
  submissionDir: string;
  hiddenDir: string;
  /** What the exercise asks for; the engine is always there. */
  facilities: Facilities;
  emit(event: RunEvent): void;
  /** Aborted when the run is cancelled or over for this machine. */
  signal: AbortSignal;
}

export interface CheckRan {
  outcome: CheckOutcome;
  /**
   * Why the run ends here; null when the check was judged. machine: the machine does not work. check: the check broke
   * on what was handed in, or used up a time that is ours, while the machine is well.
   */
  broke: { by: "machine" | "check"; triedAgain: boolean } | null;
}

/** What the checks of a run leave for each other. */
export interface CheckShared {
  builtImages: Map<string, string>;
  values: Map<string, unknown>;
}

/** How one try ended. */
type Tried = { shown: ShownLines[] } & TryOutcome;
type TryOutcome =
  | { outcome: "said"; said: CheckVerdict }
  | { outcome: "timed-out"; seconds: number }
  /** usedFacility: a second try here would begin with what the first left in a facility. */
  | { outcome: "threw"; error: unknown; usedFacility: boolean };

/**
 * Runs one check whose settings were parsed, for as long as its time limit and the rest of the run's time allow. A
 * check that throws in a machine that is well is tried once more: a student's content that breaks a check is nobody's
 * platform fault, and three machines would break on it alike.
 */
export async function runCheck(
  run: ChecksRun,
  check: CheckSpec,
  { definition, settings }: { definition: CheckDefinition; settings: unknown },
  deadline: number,
  shared: CheckShared,
): Promise<CheckRan> {
  const startedAt = new Date();
  const started = performance.now();
  const live = createLiveLog(
    (line) => run.emit({ type: "log", check: check.id, line }),
    () => performance.now(),
  );
  let staff = "";
  const note = (text: string) => {
    if (staff.length < maxStaffChars) staff += `${text}\n`;
  };
  const secondsLeft = () => Math.floor((deadline - performance.now()) / 1000);
  const tryOnce = () =>
    attempt(run, check, definition, settings, {
      seconds: Math.min(check.timeoutSeconds, secondsLeft()),
      line: live.line,
      note,
      shared,
    });
  let shown: ShownLines[] = [];
  const ended = (said: CheckVerdict, broke: CheckRan["broke"] = null): CheckRan => {
    const times = { startedAt, durationMs: performance.now() - started };
    return { outcome: outcomeOf(check, said, times, { staffOutput: staff, shown }), broke };
  };

  try {
    for (let triedAgain = false; ; triedAgain = true) {
      const tried = await tryOnce();
      shown = tried.shown;
      if (tried.outcome === "said")
        return ended(tried.said, blamesPlatform(tried.said) ? { by: "machine", triedAgain } : null);
      if (tried.outcome === "timed-out")
        return endedByTime(run, check, definition, tried.seconds, ended, triedAgain);
      note(`${triedAgain ? "second" : "first"} try: ${describeError(tried.error)}`);
      run.signal.throwIfAborted();
      if (tried.error instanceof MachineFault || !(await isMachineWell(run)))
        return ended(broken(check), { by: "machine", triedAgain });
      if (triedAgain || tried.usedFacility || secondsLeft() < 1)
        return ended(broken(check), { by: "check", triedAgain });
      live.line(
        `“${check.title}” broke while it was graded, which is not your mistake. Trying it once more.`,
      );
    }
  } finally {
    live.end();
  }
}

const blamesPlatform = (said: CheckVerdict) => said.verdict === "not_graded" && said.fault === "platform";

/** Of a check in which no program of the student's runs, a passed time limit is ours, unless others used the time up. */
function endedByTime(
  run: ChecksRun,
  check: CheckSpec,
  { timeLimitFault }: CheckDefinition,
  seconds: number,
  ended: (said: CheckVerdict, broke?: CheckRan["broke"]) => CheckRan,
  triedAgain: boolean,
): CheckRan {
  if (timeLimitFault === undefined) return ended(timedOut(check, seconds, "student"));
  if (seconds < check.timeoutSeconds) return ended(cutShort(check, seconds, run.spec.timeoutSeconds));
  return ended(timedOut(check, seconds, "platform"), { by: "check", triedAgain });
}

async function attempt(
  run: ChecksRun,
  check: CheckSpec,
  definition: CheckDefinition,
  settings: unknown,
  around: { seconds: number; line(line: string): void; note(text: string): void; shared: CheckShared },
): Promise<Tried> {
  const { seconds, shared } = around;
  const started = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimeLimitPassed(seconds)), seconds * 1000);
  const signal = AbortSignal.any([run.signal, limit.signal]);
  let usedFacility = false;
  const shown = new ShownByCheck();
  const context: CheckContext = {
    submissionDir: run.submissionDir,
    hiddenDir: run.hiddenDir,
    docker: run.facilities.get("engine")?.handle as Docker,
    facility(name) {
      usedFacility = true;
      const facility = run.facilities.get(name);
      if (facility) return facility.handle;
      throw new Error(`${check.kind} needs ${name}, which is not among the exercise's facilities.`);
    },
    kubernetes: () => context.facility("kubernetes") as KubernetesCluster,
    checkId: check.id,
    maxPoints: check.points,
    builtImages: shared.builtImages,
    shared: shared.values,
    signal,
    remainingMs: () => Math.max(0, started + seconds * 1000 - performance.now()),
    log: around.line,
    staff: around.note,
    shown,
    run: (command, options = {}) =>
      runCommand(command, options, { cwd: run.submissionDir, signal, onLine: around.line }),
  };
  try {
    const said = await orLeaveBehind(definition.run(context, settings), signal);
    return { outcome: "said", said, shown: shown.take() };
  } catch (error) {
    return limit.signal.aborted
      ? { outcome: "timed-out", seconds, shown: shown.take() }
      : { outcome: "threw", error, usedFacility, shown: [] };
  } finally {
    clearTimeout(timer);
  }
}

/** A check that does not come back after its signal was aborted must not hold up the run. */
async function orLeaveBehind(running: Promise<CheckVerdict>, signal: AbortSignal): Promise<CheckVerdict> {
  const over = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    const onAbort = () =>
      void wait(cleanUpMs, undefined, { signal: over.signal }).then(
        () => reject(signal.reason),
        () => undefined,
      );
    signal.addEventListener("abort", onAbort, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    over.abort();
  }
}
