import type { MachineTransaction } from "../machines/machine-transaction.ts";
import type { NoticeKey, SettleNotice, TellStaff } from "../notices/staff-notice.ts";
import type { Attempt } from "../protocol/attempt.ts";
import type { RunState, RunStatus } from "./run-state.ts";

/**
 * The one order in which a transaction takes its locks, or two could wait for each other. One that it holds it may take
 * again at any time, and so the lock of a run that it has just made itself: nobody else knows that one. The rows of
 * notices come last: telling staff locks one, and the machines of a run are released before.
 */
export const lockOrder = ["fleet", "student", "run", "submission", "machine", "notice"] as const;

export interface RunRow {
  id: string;
  submissionId: string;
  status: RunStatus;
}

/**
 * What the use cases of runs and machines need of a transaction: locks, plain reads, writes of what was decided, and
 * what is looked at after the commit. Its callers decide what moves a run or a machine; what implements it reads and writes rows.
 * Every lock lasts until the transaction ends; see lockOrder.
 */
export interface FleetTransaction extends MachineTransaction {
  /** Two claims at once would both see the last place free; a machine of the pool is taken under it. */
  lockFleet(): Promise<void>;
  /**
   * One student's submissions and reruns are written one after the other: numbers stay dense, of two requests with one
   * key the second sees the first, and the bound of what waits is counted over all.
   */
  lockStudent(userId: string): Promise<void>;
  /**
   * Serialises everything that writes one run or its events. Readers of run_event rely on it: a run's events become
   * visible in the order of their ids.
   */
  lockRun(runId: string): Promise<void>;
  /** Serialises everything that decides which run of a submission counts. */
  lockSubmission(submissionId: string): Promise<void>;

  readRun(runId: string): Promise<RunRow | null>;
  /** Ids of the machines of this attempt, in whatever state. */
  readMachinesOf(run: Attempt): Promise<string[]>;

  /** Compare and set: false when the run is not in this state and attempt. */
  saveRun(run: { id: string; state: RunState; attempt: number }, status: RunStatus): Promise<boolean>;
  openClaim(claim: Attempt & { worker: string }): Promise<void>;
  closeClaim(claim: Attempt & { outcome: string }): Promise<void>;
  /** Drydock's own event of a run; under the run's lock. */
  announce(runId: string, event: { state: RunState; attempt: number; detail: string | null }): Promise<void>;
  /** Makes this run its submission's result; under the submission's lock. */
  letCount(run: { id: string; submissionId: string }): Promise<void>;

  /** The exercise that it was handed in for. */
  findExerciseOf(submissionId: string): Promise<string>;
  /** Whether a submission to the exercise could not be graded, and its student has no newer one with a grade. */
  hasUngraded(exerciseId: string): Promise<boolean>;
  tellStaff: TellStaff;
  settleNotice: SettleNotice;
  /** Locks the open notice until the transaction ends; false when there is none. */
  lockNotice(key: NoticeKey): Promise<boolean>;
}
