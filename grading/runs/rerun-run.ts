import type { Clock } from "#course/clock.ts";
import { isFinal, type RunState } from "./run-state.ts";

export interface StaffAct {
  runId: string;
  /** Who asks; the caller has checked that they may. */
  userId: string;
  /** Why, for the audit: one sentence that is not empty. */
  reason: string;
}

export type RerunOutcome =
  | { outcome: "queued"; runId: string }
  | { outcome: "refused"; code: "no-such-run" | "still-under-way" | "no-exercise-version"; message: string };

export interface RerunPorts {
  store: {
    /** One transaction: the former run stops counting, the new one is queued, the audit says who and why. */
    rerun(act: StaffAct, now: Date): Promise<RerunOutcome>;
  };
  /** Offers the run to the workers; when it fails the sweep finds the run. */
  enqueue(runId: string): Promise<void>;
  onEnqueueFailed(error: unknown): void;
  clock: Clock;
}

/**
 * Grades a submission again, by the exercise's current version. The new run counts from now on, whatever it
 * ends in; the former one is kept.
 */
export async function rerunRun(ports: RerunPorts, act: StaffAct): Promise<RerunOutcome> {
  const outcome = await ports.store.rerun(act, ports.clock());
  if (outcome.outcome !== "queued") return outcome;
  try {
    await ports.enqueue(outcome.runId);
  } catch (error) {
    ports.onEnqueueFailed(error);
  }
  return outcome;
}

/** A sentence when one of the submission's runs still has to end first; null when a rerun may start. */
export function whyNoRerun(runs: readonly { id: string; state: RunState }[]): string | null {
  const open = runs.find((run) => !isFinal(run.state));
  if (!open) return null;
  return `This submission is being graded already (${open.id} is ${open.state}): wait until it has ended, or cancel it first.`;
}
