import { newId } from "#course/ids.ts";
import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import { storedEvent } from "#grading/runs/results/stored-results.ts";
import type { RunStatus } from "#grading/runs/run-state.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { notify } from "#infra/db/connection/notify.ts";
import type { Run } from "#infra/db/generated/client.ts";
import type { MoveContext } from "../machines/fleet-mover.ts";
import { lockFleet } from "../machines/fleet-places.ts";
import { machineTransaction } from "../machines/machine-transaction.ts";
import { lockNotice, settleNotice, tellStaff } from "../notices/notice-store.ts";

/** See FleetTransaction, as for every lock here. */
export async function lockRun(tx: Tx, runId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`run:${runId}`}, 0))`;
}

async function lockSubmission(tx: Tx, submissionId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM submission WHERE id = ${submissionId} FOR NO KEY UPDATE`;
}

export async function lockStudent(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`submit:${userId}`}, 0))`;
}

/** See FleetTransaction. */
export function fleetTransaction(context: MoveContext): FleetTransaction {
  const { tx, now } = context;
  return {
    ...machineTransaction(context),
    lockFleet: () => lockFleet(tx),
    lockStudent: (userId) => lockStudent(tx, userId),
    lockRun: (runId) => lockRun(tx, runId),
    lockSubmission: (submissionId) => lockSubmission(tx, submissionId),
    readRun: async (id) => {
      const row = await tx.run.findUnique({ where: { id } });
      return row && { id, submissionId: row.submissionId, status: statusOf(row) };
    },
    readMachinesOf: async ({ runId, attempt: runAttempt }) => {
      const machines = await tx.machine.findMany({ where: { runId, runAttempt }, select: { id: true } });
      return machines.map(({ id }) => id);
    },
    saveRun: async (run, data) => {
      const { count } = await tx.run.updateMany({ where: run, data });
      return count === 1;
    },
    openClaim: async (claim) => {
      await tx.runClaim.create({ data: { id: newId("clm", now), openedAt: now, ...claim } });
    },
    closeClaim: async ({ runId, attempt, outcome }) => {
      // Not before it was opened, although the clock may have been set back since.
      await tx.$executeRaw`
        UPDATE run_claim SET closed_at = GREATEST(opened_at, ${now}::timestamptz), outcome = ${outcome}
        WHERE run_id = ${runId} AND attempt = ${attempt} AND closed_at IS NULL`;
    },
    announce: (runId, event) => announce(tx, runId, event, now),
    letCount: (run) => letCount(tx, run),
    findExerciseOf: async (id) => {
      const where = { id };
      return (await tx.submission.findUniqueOrThrow({ where, select: { exerciseId: true } })).exerciseId;
    },
    hasUngraded: (exerciseId) => hasUngraded(tx, exerciseId),
    tellStaff: (notice) => tellStaff(context, notice),
    settleNotice: (key) => settleNotice(context, key),
    lockNotice: (key) => lockNotice(tx, key),
  };
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

/** Makes this run its submission's result; see lockSubmission. One after the other: at no time may two count. */
export async function letCount(tx: Tx, run: { id: string; submissionId: string }): Promise<void> {
  const { id, submissionId } = run;
  await tx.run.updateMany({
    where: { submissionId, counts: true, id: { not: id } },
    data: { counts: false },
  });
  await tx.run.updateMany({ where: { id, counts: false }, data: { counts: true } });
}

async function hasUngraded(tx: Tx, exerciseId: string): Promise<boolean> {
  const left = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM submission s JOIN run r ON r.submission_id = s.id AND r.counts AND r.state = 'not_gradable'
    WHERE s.exercise_id = ${exerciseId} AND NOT EXISTS (
      SELECT 1 FROM submission newer JOIN run graded
        ON graded.submission_id = newer.id AND graded.counts AND graded.state = 'graded'
      WHERE newer.exercise_id = s.exercise_id AND newer.number > s.number
        AND (newer.user_id = s.user_id OR newer.team_id = s.team_id))
    LIMIT 1`;
  return left.length > 0;
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
