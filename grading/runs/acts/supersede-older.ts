import type { FleetTransaction } from "../fleet-transaction.ts";
import { moveRun } from "../move-run.ts";
import { beyondBound, type QueuedOfStudent } from "../queue/queue-bound.ts";

export interface WaitingReads {
  /** Runs of one student and exercise that wait in the queue, in any order. */
  readWaiting(of: { userId: string; exerciseId: string }): Promise<QueuedOfStudent[]>;
}

/** Older runs beyond the bound leave the queue; what was handed in stays, and can be run again. */
export async function supersedeOlder(
  tx: FleetTransaction & WaitingReads,
  of: { userId: string; exerciseId: string },
): Promise<void> {
  for (const runId of beyondBound(await tx.readWaiting(of)))
    await moveRun(tx, runId, { type: "supersede", attempt: 1 });
}
