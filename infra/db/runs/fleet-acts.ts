import { newId } from "#course/ids.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { type ActSubmission, type ActTransaction, rerunAction } from "#grading/runs/acts/act-transaction.ts";
import { cancelOpenRun } from "#grading/runs/acts/cancel-open-run.ts";
import { letRunCount } from "#grading/runs/acts/let-run-count.ts";
import { rerunSubmission } from "#grading/runs/acts/rerun-submission.ts";
import type { CancelPorts } from "#grading/runs/cancel-run.ts";
import type { MakeCountPorts } from "#grading/runs/make-count.ts";
import type { RerunPorts } from "#grading/runs/rerun-run.ts";
import type { Db, Tx } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { ownWork } from "../course/own-work.ts";
import { fleetTransaction } from "./fleet-transaction.ts";

/** What people may do to runs, each as one audited transaction. The worker's loops see the rest. */
export function createFleetActs(
  db: Db,
): RerunPorts["store"] & CancelPorts["store"] & MakeCountPorts["store"] {
  return {
    rerun: (act, now) => db.$transaction((tx) => rerunSubmission(actTransaction(tx, now), act)),
    cancel: (act, now) => db.$transaction((tx) => cancelOpenRun(actTransaction(tx, now), act)),
    makeCount: (act, now) => db.$transaction((tx) => letRunCount(actTransaction(tx, now), act)),
  };
}

/** See ActTransaction. */
export function actTransaction(tx: Tx, now: Date): ActTransaction {
  return {
    ...fleetTransaction({ tx, now, after: new Set(), told: [] }),
    findSubmissionOf: async (runId) => {
      const run = await tx.run.findUnique({
        where: { id: runId },
        select: { submissionId: true, submission: { select: { userId: true } } },
      });
      return run && { submissionId: run.submissionId, userId: run.submission.userId };
    },
    readSubmission: (submissionId) => readSubmission(tx, submissionId),
    countReruns: (submissionId, userId) => timesRerun(tx, submissionId, userId),
    readWaiting: async (of) => {
      const runs = await tx.run.findMany({
        where: await waitingOf(tx, of),
        select: { id: true, attempt: true, byStaff: true, submission: { select: { number: true } } },
      });
      return runs.map(({ submission, ...run }) => ({ ...run, ...submission }));
    },
    letNoneCount: async (submissionId) => {
      await tx.run.updateMany({ where: { submissionId, counts: true }, data: { counts: false } });
    },
    addRun: async (data) => {
      await tx.run.create({ data });
    },
    audit: async ({ userId, reason }, entry) => {
      await tx.auditEntry.create({ data: { id: newId("aud", now), at: now, userId, reason, ...entry } });
    },
  };
}

async function readSubmission(tx: Tx, submissionId: string): Promise<ActSubmission> {
  const { userId, exerciseId, runs, exercise } = await tx.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: {
      userId: true,
      exerciseId: true,
      runs: { select: { id: true, state: true, reasonCode: true, counts: true, score: true } },
      exercise: { select: { versions: { where: { current: true }, select: { id: true, spec: true } } } },
    },
  });
  const [version] = exercise.versions;
  return {
    ...{ submissionId, userId, exerciseId },
    runs: runs.map((run) => ({ ...run, score: run.score && Number(run.score) })),
    version: version === undefined ? null : { id: version.id, spec: storedSpec.read(version.spec) },
  };
}

/** Runs of one student, and of their team, and one exercise that wait in the queue; for pages. */
export async function countWaiting(db: Tx, of: { userId: string; exerciseId: string }): Promise<number> {
  return db.run.count({ where: await waitingOf(db, of) });
}

const waitingOf = async (
  db: Tx,
  { userId, exerciseId }: { userId: string; exerciseId: string },
): Promise<Prisma.RunWhereInput> => ({
  state: "queued",
  submission: { exerciseId, ...(await ownWork(db, userId)) },
});

/** See ActTransaction; pages ask it too. The audit knows. What others of the team asked for counts as well. */
export async function timesRerun(db: Tx, submissionId: string, userId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ times: number }[]>`
    SELECT count(*)::int AS times FROM audit_entry a
    LEFT JOIN run r ON r.id = a.after->>'run'
    WHERE a.action = ${rerunAction} AND a.subject = ${`submission:${submissionId}`}
      AND (a.user_id = ${userId} OR a.user_id IN (
        SELECT m.user_id FROM team_member m JOIN submission s ON s.team_id = m.team_id
        WHERE s.id = ${submissionId}))
      AND (r.state IS DISTINCT FROM 'cancelled' OR r.reason_code = 'withdrawn')`;
  return row?.times ?? 0;
}
