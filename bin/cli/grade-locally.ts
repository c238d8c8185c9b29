import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { LoadedExercise } from "#grading/exercises/load-exercise.ts";
import { kindFor } from "#grading/machines/machine-kind.ts";
import type { CheckOutcome, RunEvent, RunResult } from "#grading/protocol/messages.ts";
import { faultInWords } from "#grading/runs/fault-in-words.ts";
import { scoreRun } from "#grading/runs/results/score-run.ts";
import { verifyResult } from "#grading/runs/results/verify-result.ts";
import { readExercise } from "./commands/exercise-check.ts";
import { type LocalMachines, openLocalMachines } from "./local-machines.ts";
import { packFolder } from "./pack-folder.ts";
import { prepareSubmission } from "./prepare-submission.ts";
import { type MachineSilent, runInMachine } from "./run-in-machine.ts";

export interface GradedLocally {
  state: "graded" | "not_gradable";
  /** What has to be mended when it is not gradable; check: a check that broke on what was handed in. */
  fault: "exercise" | "check" | "platform" | null;
  /** A sentence when it is not gradable, then what the machine said of it. */
  reason: string | null;
  /** null when it is not gradable. */
  score: number | null;
  maxScore: number;
  checks: CheckOutcome[];
  machine: { seconds: number };
}

/**
 * Grades a folder or an archive in a machine on this computer: the machine, agent, checks and rules of the
 * worker, without web, database or queue. Throws CommandFailure for a bad exercise or submission, AppError when
 * the engine or the machine image cannot be had, AbortError once `signal` is aborted and the machine is gone.
 */
export async function gradeLocally(options: {
  exerciseDir: string;
  submission: string;
  installEngine: boolean;
  onEvent: (event: RunEvent) => void;
  signal: AbortSignal;
}): Promise<GradedLocally> {
  const exercise = await readExercise(options.exerciseDir);
  // Before a machine image is built for minutes: is there anything to grade?
  await withWorkDir((dir) => prepareSubmission(options.submission, exercise.spec, dir));
  const { installEngine } = options;
  const machines = await openLocalMachines({ installEngine, machineKind: kindFor(exercise.spec) });
  try {
    return await gradeWith(machines, { ...options, exercise });
  } finally {
    await machines.close();
  }
}

/** The same on machines that are ready, for many submissions one after the other. */
export async function gradeWith(
  machines: LocalMachines,
  options: {
    exercise: LoadedExercise;
    submission: string;
    onEvent: (event: RunEvent) => void;
    signal: AbortSignal;
  },
): Promise<GradedLocally> {
  const { exercise } = options;
  return withWorkDir(async (workDir) => {
    const submission = await prepareSubmission(options.submission, exercise.spec, workDir);
    const hiddenTar = exercise.hiddenDir === null ? null : path.join(workDir, "hidden.tar");
    if (exercise.hiddenDir !== null && hiddenTar !== null) await packFolder(exercise.hiddenDir, hiddenTar);
    const { result, seconds } = await runInMachine(machines, {
      spec: exercise.spec,
      submission,
      hiddenTar,
      workDir,
      onEvent: options.onEvent,
      signal: options.signal,
    });
    return { ...judge(exercise, result), machine: { seconds } };
  });
}

function judge(exercise: LoadedExercise, result: RunResult | MachineSilent): Omit<GradedLocally, "machine"> {
  const maxScore = exercise.spec.checks.reduce((sum, check) => sum + check.points, 0);
  const notGradable = (fault: NonNullable<GradedLocally["fault"]>, reason: string, checks: CheckOutcome[]) =>
    ({ state: "not_gradable", fault, reason, score: null, maxScore, checks }) as const;

  if (result.outcome === "silent") return notGradable("platform", result.reason, []);
  if (result.outcome !== "graded") {
    const fault = result.outcome === "check_fault" ? "check" : "platform";
    const { staffReason } = faultInWords(result.outcome, result.fault, exercise.spec);
    // Who grades at a terminal has the exercise's files.
    const detail = result.fault?.detail ? `\n${result.fault.detail}` : "";
    return notGradable(fault, `${staffReason}${detail}`, result.checks);
  }
  const verified = verifyResult(exercise.spec, result.checks);
  if (verified.outcome === "refused") {
    return notGradable("platform", `The machine reported a wrong result. ${verified.why}`, []);
  }
  const { checks } = verified;
  const score = scoreRun(checks);
  if (score.outcome !== "graded") {
    const fault = score.outcome === "exercise-fault" ? "exercise" : "platform";
    return notGradable(fault, score.reason, checks);
  }
  return { state: "graded", fault: null, reason: null, score: score.score, maxScore: score.maxScore, checks };
}

/** A private folder that is gone afterwards, whatever happens. */
async function withWorkDir<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-"));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
