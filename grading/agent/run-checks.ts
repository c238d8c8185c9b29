import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import type { CheckContext, CheckDefinition, CheckVerdict } from "../checks/define-check.ts";
import type { KubernetesCluster } from "../checks/kubernetes-cluster.ts";
import { TimeLimitPassed } from "../checks/parts/time-limit.ts";
import { checkRegistry } from "../checks/registry.ts";
import type { CheckSpec, ExerciseSpec } from "../exercises/spec.ts";
import type { CheckOutcome, RunEvent } from "../protocol/messages.ts";
import { broken, judgeNeeds, notReached, outcomeOf, timedOut } from "./judge-check.ts";
import { createLiveLog } from "./live-log.ts";
import { runCommand } from "./run-command.ts";

/** How long a check may take to put away its containers after its time limit before it is left behind. */
const cleanUpMs = 15_000;
const maxStaffChars = 128 * 1024;

export interface ChecksRun {
  spec: ExerciseSpec;
  submissionDir: string;
  hiddenDir: string;
  docker: Docker;
  /** null where the exercise's profile asks for none. */
  kubernetes: KubernetesCluster | null;
  emit(event: RunEvent): void;
  /** Aborted when the run is cancelled or over for this machine. */
  signal: AbortSignal;
}

export interface ChecksOutcome {
  checks: CheckOutcome[];
  /** One sentence when a check failed by the platform's fault: the checks after it were not run. */
  platformFault: string | null;
}

/** Runs the checks in their order. Throws the signal's reason when it is aborted. */
export async function runChecks(run: ChecksRun): Promise<ChecksOutcome> {
  const deadline = performance.now() + run.spec.timeoutSeconds * 1000;
  const done = new Map<string, CheckOutcome>();
  const shared = { builtImages: new Map<string, string>(), values: new Map<string, unknown>() };
  for (const check of run.spec.checks) {
    run.signal.throwIfAborted();
    run.emit({ type: "check-started", check: check.id, title: check.title });
    const outcome = await runOne(run, check, deadline, done, shared);
    run.signal.throwIfAborted();
    done.set(check.id, outcome);
    const { verdict, points, maxPoints, durationMs } = outcome;
    run.emit({
      type: "check-finished",
      check: check.id,
      title: check.title,
      verdict,
      points,
      maxPoints,
      durationMs,
    });
    if (outcome.fault === "platform")
      return {
        checks: [...done.values()],
        platformFault: `The check ${check.id} (${check.kind}) could not be graded: ${firstLine(outcome)}`,
      };
  }
  return { checks: [...done.values()], platformFault: null };
}

/** The first line of what staff see is the error's own; else what the student is told. */
const firstLine = (outcome: CheckOutcome) =>
  (outcome.staffOutput.split("\n", 1)[0] || outcome.message.happened).slice(0, 500);

async function runOne(
  run: ChecksRun,
  check: CheckSpec,
  deadline: number,
  done: ReadonlyMap<string, CheckOutcome>,
  shared: { builtImages: Map<string, string>; values: Map<string, unknown> },
): Promise<CheckOutcome> {
  const notRun = { startedAt: null, durationMs: 0 };
  const unmet = judgeNeeds(check, done);
  if (unmet) return outcomeOf(check, unmet, notRun, "");
  const leftSeconds = (deadline - performance.now()) / 1000;
  if (leftSeconds < 1) return outcomeOf(check, notReached(check, run.spec.timeoutSeconds), notRun, "");
  const prepared = prepare(check);
  if ("verdict" in prepared) return outcomeOf(check, prepared, notRun, "");

  const seconds = Math.min(check.timeoutSeconds, Math.floor(leftSeconds));
  const started = performance.now();
  const times = () => ({ startedAt, durationMs: performance.now() - started });
  const startedAt = new Date();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimeLimitPassed(seconds)), seconds * 1000);
  const signal = AbortSignal.any([run.signal, limit.signal]);
  const live = createLiveLog(
    (line) => run.emit({ type: "log", check: check.id, line }),
    () => performance.now(),
  );
  let staff = "";
  const context: CheckContext = {
    submissionDir: run.submissionDir,
    hiddenDir: run.hiddenDir,
    docker: run.docker,
    kubernetes() {
      if (run.kubernetes) return run.kubernetes;
      throw new Error(`${check.kind} needs a Kubernetes, and the exercise's profile is ${run.spec.profile}.`);
    },
    checkId: check.id,
    maxPoints: check.points,
    builtImages: shared.builtImages,
    shared: shared.values,
    signal,
    remainingMs: () => Math.max(0, started + seconds * 1000 - performance.now()),
    log: (line) => live.line(line),
    staff(text) {
      if (staff.length < maxStaffChars) staff += `${text}\n`;
    },
    run: (command, options = {}) =>
      runCommand(command, options, { cwd: run.submissionDir, signal, onLine: (line) => live.line(line) }),
  };
  try {
    const said = await orLeaveBehind(prepared.definition.run(context, prepared.settings), signal);
    return outcomeOf(check, said, times(), staff);
  } catch (error) {
    if (limit.signal.aborted) {
      const fault = prepared.definition.timeLimitFault ?? "student";
      return outcomeOf(check, timedOut(check, seconds, fault), times(), staff);
    }
    return outcomeOf(check, broken(check), times(), `${describeError(error)}\n${staff}`);
  } finally {
    clearTimeout(timer);
    live.end();
  }
}

function prepare(check: CheckSpec): CheckVerdict | { definition: CheckDefinition; settings: unknown } {
  const definition = checkRegistry.get(check.kind);
  const parsed = definition?.settings.safeParse(check.with);
  if (definition && parsed?.success) return { definition, settings: parsed.data };
  return {
    verdict: "not_graded",
    fault: "exercise",
    message: {
      expected: `The exercise states “${check.title}” in a way that can be graded.`,
      happened: definition
        ? `Its settings are wrong: ${parsed?.error?.issues[0]?.message ?? "unknown"}.`
        : `There is no kind of check ${check.kind}.`,
      fix: "Nothing to fix on your side; staff are told.",
    },
  };
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

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}\n${error.stack ?? ""}${cause}`;
}
