import type { RunOrder } from "#grading/protocol/messages.ts";
import { exerciseUnreadable } from "#grading/runs/exercise-unreadable.ts";
import { moveRun, type RunMove } from "#grading/runs/move-run.ts";
import { endMachine } from "../ending/end-machine.ts";
import { moveMachine } from "../move-machine.ts";
import type { AgentTransaction } from "./agent-ports.ts";
import type { TakenSeat } from "./find-seat.ts";

/** What the transaction knows of an order; the size of the hidden files is the store's to say. */
export type Order = Omit<RunOrder, "hidden"> & { hiddenKey: string };

/** Gives the machine its run, again when it asks again. null: the run is not its own any more, and it is ended. */
export async function giveOrder(tx: AgentTransaction, seat: TakenSeat): Promise<Order | null> {
  const { runId, attempt } = seat.run;
  const drain = (reason: string) => endMachine(tx, { machineId: seat.id, how: "drain", reason });
  await tx.lockRun(runId);
  const start = await moveRun(tx, runId, { type: "start", attempt });
  const order = await tx.readOrder(runId);
  if (order === null || order.state !== "running" || order.attempt !== attempt) {
    await drain(whyNot(start));
    return null;
  }
  const assigned = await moveMachine(tx, seat.id, { type: "assigned" });
  if (assigned.outcome === "refused" || assigned.outcome === "missing") {
    // Only a lease that ends in this very moment comes here: a machine that ended took its run along.
    await drain("The lease was over.");
    return null;
  }
  const { spec, submission, hiddenKey } = order;
  if (spec.outcome === "unreadable") {
    await moveRun(tx, runId, exerciseUnreadable(attempt, spec.why));
    return null;
  }
  const leaseUntil = seat.status.leaseUntil.toISOString();
  return { runId, attempt, spec: spec.value, submission, hiddenKey, leaseUntil };
}

function whyNot(move: RunMove): string {
  return "why" in move ? move.why : "The run is no longer this machine's.";
}
