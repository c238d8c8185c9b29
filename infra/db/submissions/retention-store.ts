import { type KeepDays, keptSince, logDays } from "#grading/retention/keep-days.ts";
import type { Db } from "../connection/client.ts";

/** What one step removes at most: a short transaction, whatever has piled up. */
const batch = { logLines: 1000, rows: 500 };

/** One step of one kind of removal; how many rows went. 0: nothing of the kind is due. */
export type RemovalStep = (keep: KeepDays, now: Date) => Promise<number>;

/** By what it removes; everything else of runs and submissions is kept for ever. */
export function createRetentionStore(db: Db): Record<string, RemovalStep> {
  return {
    "log lines": (keep, now) => removeLog(db, keep, now),
    "refused uploads": (keep, now) => db.$executeRaw`
      DELETE FROM upload_refusal WHERE id IN (
        SELECT id FROM upload_refusal WHERE received_at < ${keptSince(keep.refusals, now)}
        ORDER BY received_at LIMIT ${batch.rows})`,
    "closed notices": (keep, now) => db.$executeRaw`
      DELETE FROM notice WHERE id IN (
        SELECT id FROM notice WHERE closed_at < ${keptSince(keep.notices, now)} LIMIT ${batch.rows})`,
    "expired sessions": (_keep, now) => db.$executeRaw`
      DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < ${now} LIMIT ${batch.rows})`,
    "expired verifications": (_keep, now) => db.$executeRaw`
      DELETE FROM verification WHERE id IN (
        SELECT id FROM verification WHERE expires_at < ${now} LIMIT ${batch.rows})`,
    // No window of a limit is as long as a day.
    "counts of tries": (_keep, now) => db.$executeRaw`
      DELETE FROM rate_limit WHERE id IN (
        SELECT id FROM rate_limit WHERE last_request < ${BigInt(keptSince(1, now).getTime())} LIMIT ${batch.rows})`,
  };
}

/** Of a run whose log is due the longest. A run that wrote none is noted too, so that it is not looked at again. */
async function removeLog(db: Db, keep: KeepDays, now: Date): Promise<number> {
  const run = await nextRun(db, keep, now);
  if (run === null) return 0;
  return db.$transaction(async (tx) => {
    await tx.logRemoval.createMany({
      data: { runId: run.id, removedAt: now, keptDays: logDays(keep, run.counts) },
      skipDuplicates: true,
    });
    await tx.run.updateMany({ where: { id: run.id, logRemovedAt: null }, data: { logRemovedAt: now } });
    const lines = await tx.$executeRaw`
      DELETE FROM run_event WHERE id IN (
        SELECT id FROM run_event WHERE run_id = ${run.id} AND type = 'log' ORDER BY id LIMIT ${batch.logLines})`;
    await tx.logRemoval.update({
      where: { runId: run.id },
      data: { lines: { increment: lines }, ...(lines < batch.logLines ? { complete: true } : {}) },
    });
    // The run itself counts as something done, or one without a log would end the pass.
    return lines + 1;
  });
}

async function nextRun(db: Db, keep: KeepDays, now: Date): Promise<{ id: string; counts: boolean } | null> {
  const begun = await db.logRemoval.findFirst({
    where: { complete: false },
    select: { run: { select: { id: true, counts: true } } },
  });
  if (begun !== null) return begun.run;
  return (await longestDue(db, true, keep, now)) ?? longestDue(db, false, keep, now);
}

/** By the index of those that still have their log: what was removed before costs nothing. */
function longestDue(db: Db, counts: boolean, keep: KeepDays, now: Date) {
  return db.run.findFirst({
    where: { logRemovedAt: null, counts, finishedAt: { lt: keptSince(logDays(keep, counts), now) } },
    orderBy: { finishedAt: "asc" },
    select: { id: true, counts: true },
  });
}
