import { endMachine } from "../ending/end-machine.ts";
import type { FleetAct, FleetActTransaction } from "./fleet-act.ts";

export type EndOutcome = { outcome: "ended" } | { outcome: "refused"; message: string };

/**
 * Ends one machine. Its run, if it has one, goes back to the queue and is charged nothing: it is graded on another.
 * courseId: whose staff it is, who end no machine of another course's run; null: whoever runs Drydock.
 */
export async function endByStaff(
  tx: FleetActTransaction,
  act: FleetAct,
  machineId: string,
  courseId: string | null,
): Promise<EndOutcome> {
  // Runs take machines of the pool under it, so that no other course's has taken this one meanwhile.
  await tx.lockFleet();
  const machine = await tx.readMachine(machineId);
  const run = machine?.run ?? null;
  if (courseId !== null && run !== null && (await tx.findCourseOf(run.runId)) !== courseId)
    return { outcome: "refused", message: "It grades a run of another course, whose staff can end it." };
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
    before: { state: machine.status.state, run: run?.runId ?? null },
    after: { state: "draining" },
  });
  return { outcome: "ended" };
}
