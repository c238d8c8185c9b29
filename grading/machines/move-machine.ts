import { billOf, entriesOf } from "#course/cost/bill.ts";
import { billingOf } from "#course/cost/cost-of.ts";
import { usdOf } from "#course/cost/micros.ts";
import type { MachineEffect, MachineEvent, MachineTransition } from "./machine-state.ts";
import type { MachineOthers, MachineRow, MachineTransaction } from "./machine-transaction.ts";
import { transitionMachine } from "./transition-machine.ts";

export type MachineMove = MachineTransition | { outcome: "missing" };

/**
 * Applies one event to a machine: lock, read, decide, compare-and-set on the state, effects. The only code that writes
 * the columns of MachineStatus. The row is locked before it is read, so that whoever comes second decides by what the
 * first has made of it.
 */
export async function moveMachine(
  tx: MachineTransaction,
  machineId: string,
  event: MachineEvent,
  others: MachineOthers = {},
): Promise<MachineMove> {
  await tx.lockMachine(machineId);
  const machine = await tx.readMachine(machineId);
  if (machine === null) return { outcome: "missing" };
  const move = transitionMachine(machine.status, event, tx.now);
  if (move.outcome !== "moved") return move;
  const { state } = machine.status;
  const saved = await tx.saveMachine({ id: machineId, state }, { ...move.state, ...others });
  if (!saved) throw new Error(`Machine ${machineId} changed although its row was locked.`);
  for (const effect of move.effects) await carryOut(tx, machine, effect);
  return move;
}

async function carryOut(tx: MachineTransaction, machine: MachineRow, effect: MachineEffect): Promise<void> {
  switch (effect.type) {
    case "terminate-machine":
      tx.after("draining");
      return;
    case "book-cost":
      await bookCost(tx, machine, effect);
      tx.after("queued");
  }
}

async function bookCost(
  tx: MachineTransaction,
  { id, provider, usdPerHour, besidesUsdPerHour = 0, run, status }: MachineRow,
  { seconds, poolSeconds }: MachineEffect & { type: "book-cost" },
): Promise<void> {
  const bill = billOf({
    ...{ usdPerHour, besidesUsdPerHour, seconds, poolSeconds, rule: billingOf(provider) },
    // One that we end on the provider's notice is paid for like any other.
    takenBack: status.state === "lost" && status.endCode === "interrupted",
  });
  const cost = { costUsd: usdOf(bill.micros), poolCostUsd: usdOf(bill.poolMicros), tokenHash: null };
  await tx.saveCost(id, cost, entriesOf(bill, run !== null));
}
