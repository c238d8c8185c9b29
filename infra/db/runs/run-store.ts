import { newId } from "#course/ids.ts";
import type { RunEffect, RunSignal, RunStatus, RunTransition } from "#grading/runs/run-state.ts";
import { storedEvent } from "#grading/runs/stored-results.ts";
import { transitionRun } from "#grading/runs/transition-run.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { notify } from "#infra/db/connection/notify.ts";
import type { Run } from "#infra/db/generated/client.ts";
import type { MoveContext } from "../machines/fleet-mover.ts";
import { moveMachine } from "../machines/machine-store.ts";
import { settleNotGradable, tellNotGradable } from "./not-gradable.ts";

/**
 * Serialises everything that writes one run or its events until the transaction ends. Readers of run_event rely
 * on it: a run's events become visible in the order of their ids.
 */
export async function lockRun(tx: Tx, runId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`run:${runId}`}, 0))`;
}

/**
 * Serialises everything that decides which run of a submission counts, until the transaction ends. Whoever needs a
 * run's lock as well takes that first.
 */
export async function lockSubmission(tx: Tx, submissionId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM submission WHERE id = ${submissionId} FOR NO KEY UPDATE`;
}

/**
 * One student's submissions and reruns are written one after the other: numbers stay dense, of two requests with one
 * key the second sees the first, and the bound of what waits is counted over all. Before a submission's lock.
 */
export async function lockStudent(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`submit:${userId}`}, 0))`;
}

export type RunMove = RunTransition | { outcome: "missing" };

/**
 * Applies one signal to a run: lock, read, decide, compare-and-set on (state, attempt), effects. The only code
 * that writes the columns of RunStatus. worker names who claims.
 */
export async function moveRun(
  context: MoveContext,
  runId: string,
  signal: RunSignal,
  worker = "drydock",
): Promise<RunMove> {
  const { tx, now } = context;
  await lockRun(tx, runId);
  const row = await tx.run.findUnique({ where: { id: runId } });
  if (row === null) return { outcome: "missing" };
  const move = transitionRun(statusOf(row), signal, now);
  if (move.outcome !== "moved") return move;
  // Before the run's row is: whoever makes another run count holds this and wants that.
  if (move.effects.some(({ type }) => type === "count")) await lockSubmission(tx, row.submissionId);
  const { count } = await tx.run.updateMany({
    where: { id: runId, state: row.state, attempt: row.attempt },
    data: move.state,
  });
  if (count !== 1) throw new Error(`Run ${runId} changed although its lock was held.`);
  for (const effect of move.effects) await carryOut(context, row, effect, worker);
  return move;
}

function statusOf(row: Run): RunStatus {
  return {
    state: row.state,
    attempt: row.attempt,
    platformFaults: row.platformFaults,
    checkFaults: row.checkFaults,
    score: row.score === null ? null : Number(row.score),
    maxScore: row.maxScore === null ? null : Number(row.maxScore),
    reason: row.reason,
    reasonCode: row.reasonCode,
    claimedAt: row.claimedAt,
    runningAt: row.runningAt,
    finishedAt: row.finishedAt,
  };
}

async function carryOut(
  context: MoveContext,
  run: { id: string; submissionId: string },
  effect: RunEffect,
  worker: string,
): Promise<void> {
  const { tx, now } = context;
  const runId = run.id;
  switch (effect.type) {
    case "open-claim":
      await tx.runClaim.create({
        data: { id: newId("clm", now), runId, attempt: effect.attempt, worker, openedAt: now },
      });
      return;
    case "close-claim":
      // Not before it was opened, although the clock may have been set back since.
      await tx.$executeRaw`
        UPDATE run_claim SET closed_at = GREATEST(opened_at, ${now}::timestamptz), outcome = ${effect.outcome}
        WHERE run_id = ${runId} AND attempt = ${effect.attempt} AND closed_at IS NULL`;
      return;
    case "announce":
      await announce(tx, runId, effect, now);
      return;
    case "release-machine":
      await releaseMachines(context, runId, effect);
      return;
    case "tell-staff":
      await tellNotGradable(context, run, effect.reason);
      return;
    case "settle-notices":
      await settleNotGradable(context, run.submissionId);
      return;
    case "count":
      await letCount(tx, run);
      return;
    case "enqueue":
      context.after.add("queued");
  }
}

/** Makes this run its submission's result; see lockSubmission. One after the other: at no time may two count. */
export async function letCount(tx: Tx, run: { id: string; submissionId: string }): Promise<void> {
  const { id, submissionId } = run;
  await tx.run.updateMany({
    where: { submissionId, counts: true, id: { not: id } },
    data: { counts: false },
  });
  await tx.run.updateMany({ where: { id, counts: false }, data: { counts: true } });
}

/** Drydock's own event of a run: no seq, because seq belongs to the agent. The run's lock must be held. */
export async function announce(
  tx: Tx,
  runId: string,
  event: { state: string; attempt: number; detail: string | null },
  now: Date,
): Promise<void> {
  const { state, attempt, detail } = event;
  await tx.runEvent.create({
    data: {
      runId,
      attempt,
      seq: null,
      type: "state",
      payload: storedEvent.write({ type: "state", state, detail }),
      at: now,
    },
  });
  await notify(tx, "run_event", runId);
}

async function releaseMachines(
  context: MoveContext,
  runId: string,
  effect: { attempt: number; reason: string },
): Promise<void> {
  const machines = await context.tx.machine.findMany({
    where: { runId, runAttempt: effect.attempt },
    select: { id: true },
  });
  const end = { type: "drain", code: "run_over", reason: effect.reason } as const;
  for (const { id } of machines) await moveMachine(context, id, end);
}
