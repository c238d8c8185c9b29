import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import { moveMachine } from "../move-machine.ts";

/** Nothing of the machine is left: the row is closed, the cost written, and whatever said that it stays is over. */
export async function closeMachine(tx: FleetTransaction, machineId: string): Promise<void> {
  await moveMachine(tx, machineId, { type: "terminated" });
  await tx.settleNotice({ action: "fleet.machine-stays", subject: `machine:${machineId}` });
}
