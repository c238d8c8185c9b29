import type { NoticeKey } from "#grading/notices/staff-notice.ts";
import type { Tx } from "../connection/client.ts";
import { type NoticeContext, settleNotice, tellStaff } from "../notices/notice-store.ts";

/** A broken exercise breaks for a whole class: one notice of it, told once more for each run. */
const noticeOf = (exerciseId: string): NoticeKey => ({
  action: "run.not_gradable",
  subject: `exercise:${exerciseId}`,
});

export async function tellNotGradable(
  context: NoticeContext,
  run: { id: string; submissionId: string },
  reason: string,
): Promise<void> {
  const exerciseId = await exerciseOf(context.tx, run.submissionId);
  await tellStaff(context, { ...noticeOf(exerciseId), reason, about: `run:${run.id}` });
}

/** Call it when a graded run came to count: the exercise's notice is over when nothing is left to be dealt with. */
export async function settleNotGradable(
  { tx, now }: Pick<NoticeContext, "tx" | "now">,
  submissionId: string,
): Promise<void> {
  const notice = noticeOf(await exerciseOf(tx, submissionId));
  // Whoever tells it at the same moment is waited for, and what they found is seen below.
  const open = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM notice
    WHERE code = ${notice.action} AND subject = ${notice.subject} AND closed_at IS NULL FOR UPDATE`;
  if (open.length === 0 || (await isLeft(tx, submissionId))) return;
  await settleNotice({ tx, now }, notice);
}

/** Whether a submission to the same exercise has no grade, and its student none for a newer one either. */
async function isLeft(tx: Tx, submissionId: string): Promise<boolean> {
  const left = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM submission s JOIN run r ON r.submission_id = s.id AND r.counts AND r.state = 'not_gradable'
    WHERE s.exercise_id = (SELECT exercise_id FROM submission WHERE id = ${submissionId}) AND NOT EXISTS (
      SELECT 1 FROM submission newer JOIN run graded
        ON graded.submission_id = newer.id AND graded.counts AND graded.state = 'graded'
      WHERE newer.exercise_id = s.exercise_id AND newer.user_id = s.user_id AND newer.number > s.number)
    LIMIT 1`;
  return left.length > 0;
}

async function exerciseOf(tx: Tx, submissionId: string): Promise<string> {
  const where = { id: submissionId };
  return (await tx.submission.findUniqueOrThrow({ where, select: { exerciseId: true } })).exerciseId;
}
