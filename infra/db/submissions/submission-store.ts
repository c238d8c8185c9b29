import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { ReceiptSigner } from "#course/receipts/receipt-signer.ts";
import { supersedeOlder } from "#grading/runs/acts/supersede-older.ts";
import {
  type FileStore,
  type ListArchive,
  type NewRefusal,
  type NewSubmission,
  NotRecorded,
  type RecordedSubmission,
  type SubmissionStore,
  type SubmitPorts,
} from "#grading/submissions/ports.ts";
import type { StorageQuotas } from "#grading/submissions/storage-quota.ts";
import { storedFiles } from "#grading/submissions/stored-files.ts";
import { nextUploadAt } from "#grading/submissions/upload-pace.ts";
import type { UploadsUnderWay } from "#grading/submissions/uploads-under-way.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Db, Tx } from "../connection/client.ts";
import { isDatabaseNotReached } from "../connection/database-away.ts";
import { lockTeamOf } from "../course/team-locks.ts";
import { logTold, type NoticeContext } from "../notices/notice-store.ts";
import { actTransaction } from "../runs/fleet-acts.ts";
import { announce, lockRun, lockStudent } from "../runs/fleet-transaction.ts";
import { readStorageUse, takeStorage, tellFull } from "./storage-use.ts";
import { findSubmitTarget, lastReceived } from "./submit-target.ts";

export interface SubmitServices {
  db: Db;
  files: FileStore;
  listArchive: ListArchive;
  uploads: UploadsUnderWay;
  clock: Clock;
  receiptSigner: ReceiptSigner;
  queue: Pick<JobQueue, "add">;
  log: Pick<Log, "error">;
  config: { storage: StorageQuotas };
}

/** submitWork's ports on Postgres, the file store and the queue. */
export function createSubmitPorts(services: SubmitServices): SubmitPorts {
  const { files, listArchive, uploads, clock, receiptSigner, queue, log, config } = services;
  return {
    clock,
    files,
    listArchive,
    uploads,
    receiptSigner,
    quotas: config.storage,
    store: createSubmissionStore(services),
    queueRun: async (runId) => {
      try {
        await queue.add("grade-run", { runId });
      } catch (error) {
        log.error(
          { err: error, runId },
          "The run is queued, but its job could not be added; the sweep will.",
        );
      }
    },
  };
}

function createSubmissionStore({ db, clock, log, config }: SubmitServices): SubmissionStore {
  const quotas = config.storage;
  /** What staff were told is logged once it is committed. */
  const telling = async <Result>(work: (context: NoticeContext) => Promise<Result>): Promise<Result> => {
    const told: NoticeContext["told"] = [];
    const result = await db.$transaction((tx) => work({ tx, now: clock(), told }));
    logTold(log, told);
    return result;
  };
  return {
    storageUse: (exerciseId, userId) => readStorageUse(db, { exerciseId, userId }),
    findTarget: (exerciseId, userId) => findSubmitTarget(db, exerciseId, userId),
    findByKey: (userId, idempotencyKey) => findByKey(db, userId, idempotencyKey),
    record: (submission) =>
      telling((context) => record(context, submission, quotas)).catch((error: unknown) => {
        throw isDatabaseNotReached(error) ? new NotRecorded(error) : error;
      }),
    recordRefusal: (refusal) =>
      telling(async (context) => {
        if (refusal.code === "course-storage-full") await tellFull(context, refusal, quotas);
        const { id } = await recordRefusal(context.tx, newId("ref", context.now), refusal);
        return id;
      }),
  };
}

async function findByKey(db: Tx, userId: string, idempotencyKey: string): Promise<RecordedSubmission | null> {
  const row = await db.submission.findUnique({
    where: { userId_idempotencyKey: { userId, idempotencyKey } },
    include: {
      runs: { where: { counts: true }, select: { id: true } },
      exercise: { select: { collectMegabytes: true } },
    },
  });
  if (row === null) return null;
  const [run] = row.runs;
  if (run === undefined && row.exercise.collectMegabytes === null) {
    throw new Error(`The submission ${row.id} has no run that counts.`);
  }
  return { ...row, submissionId: row.id, runId: run?.id ?? null };
}

/** The hour's row of the same person, exercise and code tells of the last one and counts them. */
async function recordRefusal(tx: Tx, id: string, refusal: NewRefusal): Promise<{ id: string }> {
  const { userId, exerciseId, code, receivedAt } = refusal;
  const hour = new Date(Math.floor(receivedAt.getTime() / hourMs) * hourMs);
  return tx.uploadRefusal.upsert({
    where: { userId_exerciseId_code_hour: { userId, exerciseId, code, hour } },
    create: { id, hour, ...refusal },
    update: { ...refusal, count: { increment: 1 } },
    select: { id: true },
  });
}

const hourMs = 3_600_000;

/** Of what a machine grades. */
async function queueRun(
  tx: Tx,
  run: { id: string; submissionId: string; exerciseVersionId: string; queuedAt: Date },
  of: { exerciseId: string; userId: string },
): Promise<void> {
  const { id, queuedAt } = run;
  await lockRun(tx, id);
  await tx.run.create({ data: run });
  await announce(tx, id, { state: "queued", attempt: 1, detail: null }, queuedAt);
  await supersedeOlder(actTransaction(tx, queuedAt), of);
}

/** Greater than that of everything which counts for whoever this one counts for: the greatest is the last. */
async function nextNumber(
  tx: Tx,
  exerciseId: string,
  { userId, team }: { userId: string; team: { teamId: string; members: string[] } | null },
): Promise<number> {
  const work = team ? { OR: [{ userId: { in: team.members } }, { teamId: team.teamId }] } : { userId };
  const { _max } = await tx.submission.aggregate({ where: { exerciseId, ...work }, _max: { number: true } });
  return (_max.number ?? 0) + 1;
}

/** One transaction: see SubmissionStore. */
async function record(context: NoticeContext, submission: NewSubmission, quotas: StorageQuotas) {
  const { tx } = context;
  const { submissionId, run, exerciseId, userId, queuedAt, ...rest } = submission;
  const files = storedFiles.write(submission.files);
  await lockStudent(tx, userId);
  if (submission.idempotencyKey !== null) {
    const earlier = await findByKey(tx, userId, submission.idempotencyKey);
    if (earlier !== null) return { outcome: "repeated" as const, ...earlier };
  }
  const opensAt = nextUploadAt(await lastReceived(tx, exerciseId, userId), rest.receivedAt, queuedAt);
  if (opensAt !== null) return { outcome: "too-fast" as const, opensAt };
  const team = await lockTeamOf(tx, { exerciseId, userId, now: queuedAt });
  const teamId = team?.teamId ?? null;
  const number = await nextNumber(tx, exerciseId, { userId, team });
  await tx.submission.create({
    data: { id: submissionId, exerciseId, userId, teamId, number, ...rest, files },
  });
  if (run !== null) await queueRun(tx, { ...run, submissionId, queuedAt }, { exerciseId, userId });
  // Last, since the course's others wait for it.
  await takeStorage(context, submission, quotas);
  const { sha256, receivedAt, dueAt, late, receiptJws } = submission;
  return {
    outcome: "recorded" as const,
    ...{
      submissionId,
      exerciseId,
      number,
      runId: run?.id ?? null,
      sha256,
      receivedAt,
      dueAt,
      late,
      receiptJws,
    },
  };
}
