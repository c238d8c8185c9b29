import { moveMachine } from "../machines/move-machine.ts";
import type { FleetTransaction, RunRow } from "./fleet-transaction.ts";
import { settleNotGradable, tellNotGradable } from "./not-gradable.ts";
import type { RunEffect, RunSignal, RunTransition } from "./run-state.ts";
import { transitionRun } from "./transition-run.ts";

export type RunMove = RunTransition | { outcome: "missing" };

/**
 * Applies one signal to a run: lock, read, decide, compare-and-set on (state, attempt), effects. The only code
 * that writes the columns of RunStatus. worker names who claims.
 */
export async function moveRun(
  tx: FleetTransaction,
  runId: string,
  signal: RunSignal,
  worker = "drydock",
): Promise<RunMove> {
  await tx.lockRun(runId);
  const run = await tx.readRun(runId);
  if (run === null) return { outcome: "missing" };
  const move = transitionRun(run.status, signal, tx.now);
  if (move.outcome !== "moved") return move;
  // Before the run's row is: whoever makes another run count holds this and wants that.
  if (move.effects.some(({ type }) => type === "count")) await tx.lockSubmission(run.submissionId);
  const { state, attempt } = run.status;
  const saved = await tx.saveRun({ id: runId, state, attempt }, move.state);
  if (!saved) throw new Error(`Run ${runId} changed although its lock was held.`);
  for (const effect of move.effects) await carryOut(tx, run, effect, worker);
  return move;
}

async function carryOut(tx: FleetTransaction, run: RunRow, effect: RunEffect, worker: string): Promise<void> {
  const runId = run.id;
  switch (effect.type) {
    case "open-claim":
      return tx.openClaim({ runId, attempt: effect.attempt, worker });
    case "close-claim":
      return tx.closeClaim({ runId, attempt: effect.attempt, outcome: effect.outcome });
    case "announce":
      return tx.announce(runId, effect);
    case "release-machine":
      return releaseMachines(tx, runId, effect);
    case "tell-staff":
      return tellNotGradable(tx, run, effect.reason);
    case "settle-notices":
      return settleNotGradable(tx, run.submissionId);
    case "count":
      return tx.letCount(run);
    case "enqueue":
      return tx.after("queued");
  }
}

async function releaseMachines(
  tx: FleetTransaction,
  runId: string,
  { attempt, reason }: { attempt: number; reason: string },
): Promise<void> {
  const end = { type: "drain", code: "run_over", reason } as const;
  for (const id of await tx.readMachinesOf({ runId, attempt })) await moveMachine(tx, id, end);
}
