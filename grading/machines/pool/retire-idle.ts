import { moveMachine } from "../move-machine.ts";
import { type PoolEnd, poolReasons } from "../plan-pool.ts";
import type { PoolTransaction } from "./pool-transaction.ts";

/** Ends a machine of the pool unless a run has it by now: machines are taken under the fleet's lock. */
export async function retireIdle(tx: PoolTransaction, machineId: string, code: PoolEnd): Promise<boolean> {
  await tx.lockFleet();
  if (!(await tx.readIdle()).some(({ id }) => id === machineId)) return false;
  const move = await moveMachine(tx, machineId, { type: "drain", code, reason: poolReasons[code] });
  return move.outcome === "moved";
}
