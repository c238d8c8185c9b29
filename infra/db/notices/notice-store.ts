import { newId } from "#course/ids.ts";
import type { NoticeKey, StaffNotice } from "#grading/notices/staff-notice.ts";
import { storable } from "#grading/runs/storable.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Tx } from "../connection/client.ts";

export interface ToldNotice extends StaffNotice {
  noticeId: string;
  /** How often since it was opened. */
  count: number;
}

/** A transaction that may tell staff something; what it told is logged once it is committed. */
export interface NoticeContext {
  tx: Tx;
  now: Date;
  told: ToldNotice[];
}

const longestReason = 2000;

/** Opens the notice, or counts once more that it was told. The only code that makes notices. */
export async function tellStaff(context: NoticeContext, notice: StaffNotice): Promise<void> {
  const { tx, now, told } = context;
  const { action, subject, about } = notice;
  const reason = storable(notice.reason).slice(0, longestReason);
  const courseId = await courseOf(tx, subject);
  const [row] = await tx.$queryRaw<{ id: string; count: number }[]>`
    INSERT INTO notice (id, code, subject, course_id, reason, first_seen, last_seen)
    VALUES (${newId("ntc", now)}, ${action}, ${subject}, ${courseId}, ${reason}, ${now}, ${now})
    ON CONFLICT (code, subject) WHERE closed_at IS NULL DO UPDATE SET
      count = notice.count + 1, reason = EXCLUDED.reason,
      last_seen = greatest(notice.last_seen, EXCLUDED.last_seen)
    RETURNING id, count`;
  if (row === undefined) throw new Error(`The notice ${action} of ${subject} was not written.`);
  told.push({
    action,
    subject,
    ...(about === undefined ? {} : { about }),
    reason,
    noticeId: row.id,
    count: row.count,
  });
}

/** Closes the open notice, if there is one: the trouble is over. */
export async function settleNotice(
  { tx, now }: Pick<NoticeContext, "tx" | "now">,
  { action, subject }: NoticeKey,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE notice SET closed_at = greatest(${now}, last_seen)
    WHERE code = ${action} AND subject = ${subject} AND closed_at IS NULL`;
}

/** Locks the open notice until the transaction ends; false when there is none. Whoever tells it just now is waited for. */
export async function lockNotice(tx: Tx, { action, subject }: NoticeKey): Promise<boolean> {
  const open = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM notice WHERE code = ${action} AND subject = ${subject} AND closed_at IS NULL FOR UPDATE`;
  return open.length > 0;
}

/** The one place that logs what staff were told; call it after the commit. */
export function logTold(log: Pick<Log, "error">, told: readonly ToldNotice[]): void {
  for (const { action, reason, ...rest } of told) {
    log.error({ code: action, ...rest }, `For staff: ${reason}`);
  }
}

/** The course whose staff it concerns; null: the platform's, so everybody's. */
async function courseOf(tx: Tx, subject: string): Promise<string | null> {
  const [kind, id = ""] = subject.split(/:(.*)/s);
  const throughExercise = { exercise: { select: { assignment: { select: { courseId: true } } } } };
  switch (kind) {
    case "run": {
      const run = await tx.run.findUnique({
        where: { id },
        select: { submission: { select: throughExercise } },
      });
      return run?.submission.exercise.assignment.courseId ?? null;
    }
    case "exercise": {
      const exercise = await tx.exercise.findUnique({
        where: { id },
        select: throughExercise.exercise.select,
      });
      return exercise?.assignment.courseId ?? null;
    }
    case "version": {
      const version = await tx.exerciseVersion.findUnique({ where: { id }, select: throughExercise });
      return version?.exercise.assignment.courseId ?? null;
    }
    case "course":
      return (await tx.course.findUnique({ where: { id }, select: { id: true } }))?.id ?? null;
    default:
      return null;
  }
}
