import type { Attempt } from "../../protocol/attempt.ts";
import type { FleetTransaction } from "../fleet-transaction.ts";
import { moveRun } from "../move-run.ts";
import type { WaitCode } from "../run-state.ts";

/** Says of a queued run why it waits; null: for what the code names it waits no more. */
export async function tellWaiting(
  tx: FleetTransaction,
  { runId, attempt }: Attempt,
  code: WaitCode,
  reason: string | null,
): Promise<void> {
  await moveRun(tx, runId, { type: "wait", attempt, code, reason });
}
