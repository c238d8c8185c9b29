import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import { moveRun } from "#grading/runs/move-run.ts";
import { idleFor } from "../idle-for.ts";
import type { MachineKind } from "../machine-kind.ts";
import { moveMachine } from "../move-machine.ts";
import type { PoolTransaction } from "./pool-transaction.ts";

/** The machine of the pool that is furthest of those that fit; see idleFor. */
export async function findIdle(
  tx: PoolTransaction,
  exercise: Pick<ExerciseSpec, "facilities"> & { machineKind: MachineKind },
  leaseUntil: Date,
): Promise<{ id: string } | null> {
  return idleFor(await tx.readIdle(), exercise, leaseUntil);
}

/** Makes it the claimed run's. The fleet's lock must have been held since it was found. */
export async function takeIdle(
  tx: PoolTransaction,
  machineId: string,
  { runId, attempt }: Attempt,
  leaseUntil: Date,
): Promise<void> {
  const owner = { runId, runAttempt: attempt };
  const taken = await moveMachine(tx, machineId, { type: "taken", leaseUntil }, owner);
  const provisioned = await moveRun(tx, runId, { type: "provision", attempt });
  // Back to before the claim: the run is still queued then.
  if (taken.outcome !== "moved" || provisioned.outcome !== "moved") {
    throw new Error(`Run ${runId} could not take the machine ${machineId}.`);
  }
}
