import { isFinal, type RunReasonCode, type RunState } from "./run-state.ts";

/**
 * Which run of a submission is its result. Exactly one always counts: the first one from the start, and a graded one
 * until another is graded or staff name another. See docs/decisions/0006-which-run-counts.md.
 */
export interface RunOfSubmission {
  id: string;
  state: RunState;
  counts: boolean;
}

/** It ended without a result, and its student may have it run again: only what staff cancelled is theirs alone. */
export function wentUngraded(run: { state: RunState; reasonCode: RunReasonCode | null }): boolean {
  return run.state === "not_gradable" || run.reasonCode === "superseded" || run.reasonCode === "withdrawn";
}

/**
 * Whether a new run counts from its start: it does where the run that counts has no result to lose. Otherwise it
 * counts once it is graded, and never when it ends without a result.
 */
export function countsAtOnce(counted: { state: RunState } | null): boolean {
  return counted?.state !== "graded";
}

/** The run of these that has not ended; there is at most one. */
export function runUnderWay<Run extends { state: RunState }>(runs: readonly Run[]): Run | null {
  return runs.find((run) => !isFinal(run.state)) ?? null;
}

/** In which the runs of a submission are numbered, for the database. */
export const runOrder = [{ queuedAt: "asc" as const }, { id: "asc" as const }];

/** What pages call a run among its submission's: 1 for the first. runs: all of them, in runOrder. */
export function numberOf(run: { id: string }, runs: readonly { id: string }[]): number {
  return runs.findIndex(({ id }) => id === run.id) + 1;
}

/** How one run stands among all of its submission. */
export function standingOf<Run extends RunOfSubmission>(
  runs: readonly Run[],
  runId: string,
): { counted: Run | null; underWay: Run | null } {
  const others = runs.filter((run) => run.id !== runId);
  return { counted: others.find((run) => run.counts) ?? null, underWay: runUnderWay(others) };
}

export type CountRefusal = {
  code: "no-such-run" | "not-graded" | "counts-already" | "still-under-way";
  message: string;
};

/** Why this run cannot be made the one that counts; null when it can. runs: all of its submission. */
export function whyNotCount(runs: readonly RunOfSubmission[], runId: string): CountRefusal | null {
  const run = runs.find((one) => one.id === runId);
  if (run === undefined) return { code: "no-such-run", message: `There is no run ${runId}.` };
  if (run.counts) return { code: "counts-already", message: `The run ${runId} counts already.` };
  if (run.state !== "graded") {
    const message = `The run ${runId} is ${inWords(run.state)}: only a graded run can count in place of another. Choose a graded one.`;
    return { code: "not-graded", message };
  }
  const open = runUnderWay(runs);
  if (open === null) return null;
  const message = `The run ${open.id} of this submission is ${inWords(open.state)} and would count as soon as it is graded: wait until it has ended, or cancel it first.`;
  return { code: "still-under-way", message };
}

/** As it stands in a sentence. */
export function inWords(state: RunState): string {
  return state.replace("_", " ");
}
