import { exerciseUnreadable } from "../exercise-unreadable.ts";
import { moveRun } from "../move-run.ts";
import type { StartTransaction } from "./start-transaction.ts";

/** Ends a queued run whose exercise cannot be read; says why, or null when it can be, or the run is not queued. */
export async function endUnreadable(tx: StartTransaction, runId: string): Promise<string | null> {
  const run = await tx.readStarting(runId);
  if (run?.state !== "queued" || run.spec.outcome !== "unreadable") return null;
  const { why } = run.spec;
  const move = await moveRun(tx, runId, exerciseUnreadable(run.attempt, why));
  return move.outcome === "moved" ? why : null;
}
