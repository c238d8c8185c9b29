import { endMachine } from "../ending/end-machine.ts";
import type { FleetAct, FleetActTransaction } from "./fleet-act.ts";

export type EndOutcome = { outcome: "ended" } | { outcome: "refused"; message: string };

/** Ends one machine. Its run, if it has one, goes back to the queue and is charged nothing: it is graded on another. */
export async function endByStaff(
  tx: FleetActTransaction,
  act: FleetAct,
  machineId: string,
): Promise<EndOutcome> {
  const machine = await tx.readMachine(machineId);
  const { moved } = await endMachine(tx, {
    machineId,
    how: "drain",
    code: "by_staff",
    reason: "Staff ended the machine.",
    excused: true,
  });
  if (machine === null || !moved)
    return { outcome: "refused", message: "The machine has ended, or ends already." };
  await tx.audit(act, {
    action: "machine.end",
    subject: `machine:${machineId}`,
    before: { state: machine.status.state, run: machine.run?.runId ?? null },
    after: { state: "draining" },
  });
  return { outcome: "ended" };
}
