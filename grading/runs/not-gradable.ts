import type { NoticeKey } from "../notices/staff-notice.ts";
import type { FleetTransaction } from "./fleet-transaction.ts";

/** A broken exercise breaks for a whole class: one notice of it, told once more for each run. */
const noticeOf = (exerciseId: string): NoticeKey => ({
  action: "run.not_gradable",
  subject: `exercise:${exerciseId}`,
});

/** reason: what staff read. */
export async function tellNotGradable(
  tx: FleetTransaction,
  run: { id: string; submissionId: string },
  reason: string,
): Promise<void> {
  const exerciseId = await tx.findExerciseOf(run.submissionId);
  await tx.tellStaff({ ...noticeOf(exerciseId), reason, about: `run:${run.id}` });
}

/**
 * A graded run came to count: what was told of its exercise is over when nothing else is left to be dealt with. What is
 * left is looked at under the notice's lock, so that whoever tells it at the same moment is seen.
 */
export async function settleNotGradable(tx: FleetTransaction, submissionId: string): Promise<void> {
  const exerciseId = await tx.findExerciseOf(submissionId);
  const notice = noticeOf(exerciseId);
  if (!(await tx.lockNotice(notice)) || (await tx.hasUngraded(exerciseId))) return;
  await tx.settleNotice(notice);
}
