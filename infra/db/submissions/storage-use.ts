import type { StaffNotice } from "#grading/notices/staff-notice.ts";
import {
  hasRoom,
  noticeOfFull,
  noticeOfNearlyFull,
  refuseWithoutRoom,
  remindMs,
  type StorageQuotas,
  type StorageUse,
} from "#grading/submissions/storage-quota.ts";
import type { Db, Tx } from "../connection/client.ts";
import { type NoticeContext, settleNotice, tellStaff } from "../notices/notice-store.ts";

interface Where {
  exerciseId: string;
  userId: string;
}

/** What is stored of this person's submissions, and of all, in the exercise's course. */
export async function readStorageUse(db: Db | Tx, where: Where): Promise<StorageUse & { courseId: string }> {
  const courseId = await courseOf(db, where.exerciseId);
  return { courseId, ...(await readUse(db, courseId, where.userId)) };
}

async function courseOf(db: Db | Tx, exerciseId: string): Promise<string> {
  const { assignment } = await db.exercise.findUniqueOrThrow({
    where: { id: exerciseId },
    select: { assignment: { select: { courseId: true } } },
  });
  return assignment.courseId;
}

async function readUse(db: Db | Tx, courseId: string, userId: string): Promise<StorageUse> {
  const [person, course] = await Promise.all([
    db.storageUse.findUnique({ where: { courseId_userId: { courseId, userId } }, select: { bytes: true } }),
    db.storageUse.aggregate({ where: { courseId }, _sum: { bytes: true } }),
  ]);
  return { person: Number(person?.bytes ?? 0), course: Number(course._sum.bytes ?? 0) };
}

/**
 * Counts a submission, or throws UploadRefusal: of several uploads at once each found room before the others had
 * taken it. The course's lock is held from here to the end of the transaction. Staff are told when the course is
 * nearly full.
 */
export async function takeStorage(
  context: NoticeContext,
  upload: Where & { bytes: number },
  quotas: StorageQuotas,
): Promise<void> {
  const { userId, bytes } = upload;
  const courseId = await courseOf(context.tx, upload.exerciseId);
  await context.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`storage:${courseId}`}, 0))`;
  const use = await readUse(context.tx, courseId, userId);
  refuseWithoutRoom(quotas, use, bytes);
  await context.tx.storageUse.upsert({
    where: { courseId_userId: { courseId, userId } },
    create: { courseId, userId, bytes },
    update: { bytes: { increment: bytes } },
  });
  const after = use.course + bytes;
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
