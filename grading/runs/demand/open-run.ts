import type { WaitingRun } from "../queue/fair-queue.ts";
import type { RunReasonCode, RunState } from "../run-state.ts";

/** A run that has not ended. */
export interface OpenRun extends WaitingRun {
  /** Whose exercise it is. */
  course: string;
  state: Exclude<RunState, "graded" | "not_gradable" | "cancelled">;
  reasonCode: RunReasonCode | null;
  reason: string | null;
  claimedAt: Date | null;
  /** The deadline of its submission; null where nothing is due. */
  dueAt: Date | null;
  /** Of the exercise version that it is graded by. */
  version: string;
  /** Of the machine that grades it. */
  machineKind: string;
}
