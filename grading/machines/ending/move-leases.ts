import type { ClockJump } from "../hearing.ts";
import { workingStates } from "../machine-state.ts";
import { moveMachine } from "../move-machine.ts";
import type { EndTransaction } from "./end-transaction.ts";

/**
 * Either all of them move or none does, and under the fleet's lock, so that a jump is settled once: a row keeps what the
 * clock showed after the last jump that it moved along with, and another worker that saw the same one leaves it alone.
 */
export async function moveLeases(tx: EndTransaction, provider: string, jump: ClockJump): Promise<void> {
  await tx.lockFleet();
  const { byMs, at: requestedBefore, from: jumpedUntil, until: jumpedAt } = jump;
  const before = await tx.findMachines({ provider, states: workingStates, requestedBefore, jumpedUntil });
  for (const id of before) await moveMachine(tx, id, { type: "clock-jumped", byMs }, { jumpedAt });
}
