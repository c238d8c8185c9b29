import { moveMachine } from "../../machines/move-machine.ts";
import type { Attempt } from "../../protocol/attempt.ts";
import type { FleetTransaction } from "../fleet-transaction.ts";
import { moveRun } from "../move-run.ts";

/** The run goes back to the queue uncharged; the machine, if any, is closed: it was never launched. */
export async function giveBack(
  tx: FleetTransaction,
  { runId, attempt }: Attempt,
  machineId: string | null,
  reason: string,
): Promise<void> {
  await tx.lockRun(runId);
  // The provider said that there is no machine, so nothing has to be terminated.
  if (machineId !== null) await closeUnlaunched(tx, machineId, reason);
  await moveRun(tx, runId, { type: "no-machine", attempt, reason });
}

/**
 * Closes the row of a machine of the pool that the provider did not launch. A run that took it meanwhile is queued
 * again uncharged, as if the launch had been its own. The fleet's lock first: as long as it is held no run takes it.
 */
export async function giveUpIdle(tx: FleetTransaction, machineId: string, reason: string): Promise<void> {
  await tx.lockFleet();
  const machine = await tx.readMachine(machineId);
  if (machine === null) return;
  if (machine.run === null) return closeUnlaunched(tx, machineId, reason);
  await giveBack(tx, machine.run, machineId, reason);
}

async function closeUnlaunched(tx: FleetTransaction, machineId: string, reason: string): Promise<void> {
  await moveMachine(tx, machineId, { type: "drain", code: "not_launched", reason });
  await moveMachine(tx, machineId, { type: "terminated" });
}
