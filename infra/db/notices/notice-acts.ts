import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { Db, Tx } from "../connection/client.ts";
import type { Notice } from "../generated/client.ts";

export interface NoticeAct {
  noticeId: string;
  userId: string;
}

export type NoticeActOutcome =
  | { outcome: "changed" }
  /** It was so already, or the same is open anew. */
  | { outcome: "unchanged" };

/** What staff do about notices; each change is one audited transaction. */
export function createNoticeActs(db: Db, clock: Clock) {
  const act = (input: NoticeAct, work: (change: Change) => Promise<NoticeActOutcome>) =>
    db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM notice WHERE id = ${input.noticeId} FOR UPDATE`;
      const notice = await tx.notice.findUnique({ where: { id: input.noticeId } });
      return notice === null ? unchanged : work({ tx, notice, userId: input.userId, now: clock() });
    });
  return {
    close: (input: NoticeAct) => act(input, close),
    reopen: (input: NoticeAct) => act(input, reopen),
  };
}

interface Change {
  tx: Tx;
  notice: Notice;
  userId: string;
  now: Date;
}

const unchanged: NoticeActOutcome = { outcome: "unchanged" };

async function close({ tx, notice, userId, now }: Change): Promise<NoticeActOutcome> {
  if (notice.closedAt !== null) return unchanged;
  // A worker whose clock is ahead may have told it later than now.
  const closedAt = now < notice.lastSeen ? notice.lastSeen : now;
  await tx.notice.update({ where: { id: notice.id }, data: { closedAt, closedById: userId } });
  await audit({ tx, notice, userId, now }, "notice.close", "Marked as done.");
  return { outcome: "changed" };
}

async function reopen({ tx, notice, userId, now }: Change): Promise<NoticeActOutcome> {
  if (notice.closedAt === null) return unchanged;
  const { code, subject } = notice;
  // Told again meanwhile: that one is open, and says the same.
  if ((await tx.notice.count({ where: { code, subject, closedAt: null } })) > 0) return unchanged;
  await tx.notice.update({ where: { id: notice.id }, data: { closedAt: null, closedById: null } });
  await audit({ tx, notice, userId, now }, "notice.reopen", "Marked as not done.");
  return { outcome: "changed" };
}

async function audit({ tx, notice, userId, now }: Change, action: string, reason: string): Promise<void> {
  const { id, code, subject, count, closedAt, closedById } = notice;
  const before = { code, subject, count, closedAt: closedAt?.toISOString() ?? null, closedById };
  await tx.auditEntry.create({
    data: { id: newId("aud", now), at: now, userId, action, subject: `notice:${id}`, before, reason },
  });
}
