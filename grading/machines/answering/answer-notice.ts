import type { InstanceNotice } from "#grading/protocol/messages.ts";
import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import { endMachine } from "../ending/end-machine.ts";
import { moveMachine } from "../move-machine.ts";

/**
 * What an instance was told. One that is taken back is ended at once, and its run goes back to the queue at nobody's
 * cost. One that may be soon is ended while no run has it; a run that has it may well be faster.
 */
export async function answerNotice(
  tx: FleetTransaction,
  machineId: string,
  notice: InstanceNotice,
): Promise<void> {
  // No container of this computer is ever taken back: whoever says so wants an attempt that costs nothing.
  if ((await tx.readMachine(machineId))?.provider === "docker") return;
  if (notice.kind === "rebalance") return leavePool(tx, machineId);
  const reason = `The provider takes the machine back at ${notice.at}.`;
  await endMachine(tx, { machineId, how: "drain", code: "interrupted", reason, excused: true });
}

/** Runs take machines under the fleet's lock. */
async function leavePool(tx: FleetTransaction, machineId: string): Promise<void> {
  await tx.lockFleet();
  const machine = await tx.readMachine(machineId);
  if (machine === null || machine.run !== null) return;
  const reason = "The provider may soon take the machine back.";
  await moveMachine(tx, machineId, { type: "drain", code: "interrupted", reason });
}
