import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import { moveRun } from "#grading/runs/move-run.ts";
import type { MachineSight } from "../compare-fleet.ts";
import type { EndCode } from "../machine-state.ts";
import type { MachineRow } from "../machine-transaction.ts";
import { moveMachine } from "../move-machine.ts";

export interface EndMachineInput {
  machineId: string;
  /** lost: the provider does not know the machine any more. */
  how: "drain" | "lost";
  /** Of one that is drained: why, for rules; without it the machine failed. */
  code?: EndCode;
  /** Of one that is lost: its provider says that it took it back for its own sake. */
  takenBack?: boolean;
  /** One sentence for student and staff. */
  reason: string;
  /** Nobody's fault: the run goes back to the queue uncharged. */
  excused?: boolean;
  /**
   * Looks again at the machine as it is under its lock: what was seen before may be over. False leaves it alone.
   * Without it the machine is ended whatever has become of it.
   */
  onlyIf?: (machine: MachineSight) => boolean;
}

/**
 * Ends a machine; its run, when it is still this machine's, goes back to the queue. Shared with the agent service,
 * which ends machines inside its own transactions.
 */
export async function endMachine(tx: FleetTransaction, input: EndMachineInput): Promise<{ moved: boolean }> {
  const { machineId, how, code = "failed", takenBack = false, reason, excused = false, onlyIf } = input;
  const owned = await lockRunOf(tx, machineId);
  if (owned === null) return { moved: false };
  if (onlyIf !== undefined) {
    await tx.lockMachine(machineId);
    const machine = await tx.readMachine(machineId);
    if (machine === null || !onlyIf(sightOf(machine))) return { moved: false };
  }
  const event =
    how === "lost" ? ({ type: how, reason, takenBack } as const) : ({ type: how, code, reason } as const);
  const move = await moveMachine(tx, machineId, event);
  if (move.outcome !== "moved") return { moved: false };
  if (owned.run !== null) {
    const { runId, attempt } = owned.run;
    await moveRun(tx, runId, { type: "platform-fault", attempt, reason, excused });
  }
  return { moved: true };
}

/**
 * The machine, with the run that it works for locked: see lockOrder. A machine of the pool that no run has may be taken
 * at any moment by whoever holds the fleet's lock, so that one is held from the look on; a machine that has a run keeps
 * it.
 */
async function lockRunOf(tx: FleetTransaction, machineId: string): Promise<MachineRow | null> {
  let machine = await tx.readMachine(machineId);
  if (machine?.run === null) {
    await tx.lockFleet();
    machine = await tx.readMachine(machineId);
  }
  if (machine !== null && machine.run !== null) await tx.lockRun(machine.run.runId);
  return machine;
}

const sightOf = ({ id, heartbeatAt, status }: MachineRow): MachineSight => ({ ...status, id, heartbeatAt });
