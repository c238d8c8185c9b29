import { type MachineState, workingStates } from "../machine-state.ts";
import { moveMachine } from "../move-machine.ts";
import { type PoolEnd, poolReasons } from "../plan-pool.ts";
import type { PoolTransaction } from "./pool-transaction.ts";

/** Ends a machine of the pool unless a run has it by now: machines are taken under the fleet's lock. */
export async function retireIdle(tx: PoolTransaction, machineId: string, code: PoolEnd): Promise<boolean> {
  await tx.lockFleet();
  const machine = await tx.readMachine(machineId);
  if (machine === null || machine.run !== null) return false;
  if (!(workingStates as readonly MachineState[]).includes(machine.status.state)) return false;
  if ((await tx.readPoolNodes(machineId)) === null) return false;
  const move = await moveMachine(tx, machineId, { type: "drain", code, reason: poolReasons[code] });
  return move.outcome === "moved";
}
