import type { Attempt } from "#grading/protocol/attempt.ts";
import { moveRun } from "#grading/runs/move-run.ts";
import { workingStates } from "../machine-state.ts";
import type { EndTransaction } from "./end-transaction.ts";

/**
 * Puts a run back into the queue that no machine works for, which is looked at again under its lock: machines are
 * requested and taken under it.
 */
export async function takeBack(
  tx: EndTransaction,
  run: Attempt,
  why: { reason: string; excused: boolean },
): Promise<{ moved: boolean }> {
  const { runId, attempt } = run;
  await tx.lockRun(runId);
  if ((await tx.countMachines({ runId, attempt }, workingStates)) > 0) return { moved: false };
  const move = await moveRun(tx, runId, { type: "platform-fault", attempt, ...why });
  return { moved: move.outcome === "moved" };
}
