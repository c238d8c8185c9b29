import type { StaffNotice } from "#grading/notices/staff-notice.ts";
import {
  hasRoom,
  noticeOfFull,
  noticeOfNearlyFull,
  remindMs,
  type StorageQuotas,
  type StorageUse,
} from "#grading/submissions/storage-quota.ts";
import type { Db, Tx } from "./client.ts";
import { type NoticeContext, settleNotice, tellStaff } from "./notice-store.ts";

interface Where {
  exerciseId: string;
  userId: string;
}

/** What is stored of this person's submissions, and of all, in the exercise's course. */
export async function readStorageUse(db: Db | Tx, where: Where): Promise<StorageUse & { courseId: string }> {
  const { assignment } = await db.exercise.findUniqueOrThrow({
    where: { id: where.exerciseId },
    select: { assignment: { select: { courseId: true } } },
  });
  const { courseId } = assignment;
  const [person, course] = await Promise.all([
    db.storageUse.findUnique({
      where: { courseId_userId: { courseId, userId: where.userId } },
      select: { bytes: true },
    }),
    db.storageUse.aggregate({ where: { courseId }, _sum: { bytes: true } }),
  ]);
  return { courseId, person: Number(person?.bytes ?? 0), course: Number(course._sum.bytes ?? 0) };
}

/** Counts a submission; its student's lock is held. Staff are told when the course is nearly full. */
export async function growStorage(
  context: NoticeContext,
  { courseId, course }: Awaited<ReturnType<typeof readStorageUse>>,
  upload: { userId: string; bytes: number },
  quotas: StorageQuotas,
): Promise<void> {
  const { userId, bytes } = upload;
  await context.tx.storageUse.upsert({
    where: { courseId_userId: { courseId, userId } },
    create: { courseId, userId, bytes },
    update: { bytes: { increment: bytes } },
  });
  const after = course + bytes;
  if (!hasRoom(quotas, after)) {
    // Not at the moment when it passes the mark: of two uploads at once neither may see that it did.
    await remindStaff(context, noticeOfNearlyFull(quotas, courseId, after));
    return;
  }
  const subject = `course:${courseId}`;
  await settleNotice(context, { action: "storage.nearly_full", subject });
  await settleNotice(context, { action: "storage.full", subject });
}

/**
 * An upload was refused because its course has no room. However often that happens, staff are told once a while; a
 * notice that somebody has closed is opened again, because whoever uploads reads that staff see it.
 */
export async function tellFull(context: NoticeContext, where: Where, quotas: StorageQuotas): Promise<void> {
  const use = await readStorageUse(context.tx, where);
  await remindStaff(context, noticeOfFull(quotas, use.courseId, use), { closedAt: null });
}

/** Tells staff unless they were told lately, by a notice that fits `which`. */
async function remindStaff(
  context: NoticeContext,
  notice: StaffNotice,
  which: { closedAt?: null } = {},
): Promise<void> {
  const since = new Date(context.now.getTime() - remindMs);
  const { action: code, subject } = notice;
  const told = await context.tx.notice.count({ where: { ...which, code, subject, lastSeen: { gt: since } } });
  if (told === 0) await tellStaff(context, notice);
}
