import { moveMachine } from "../move-machine.ts";
import { poolReasons } from "../plan-pool.ts";
import type { PoolTransaction } from "./pool-transaction.ts";

/**
 * The machine of the pool that has come least far gives way for a run that needs one of its own, unless a place is
 * becoming free already.
 */
export async function makeRoom(tx: PoolTransaction): Promise<void> {
  if ((await tx.countEnding()) > 0) return;
  const last = (await tx.readIdle()).at(-1);
  if (last === undefined) return;
  const code = "made_room";
  await moveMachine(tx, last.id, { type: "drain", code, reason: poolReasons[code] });
}
