import { dayMs } from "#course/clock.ts";
import type { Db } from "#infra/db/connection/client.ts";

/** What tries are counted by, and how many are free. */
export interface TryLimit {
  /** Names a counter: a kind and what it is about, hashed by the caller. */
  key: string;
  /** The first so many within the window are free. */
  free: number;
  windowSeconds: number;
  /** After those one more each so many seconds; null: none until the window is over. */
  thenEverySeconds: number | null;
}

/**
 * Counts one try in one statement, so that many at once cannot slip through. 0 when it may go on, else the seconds
 * until the next one may; a try that has to wait is not counted.
 */
export async function countTry(db: Db, limit: TryLimit, now: Date): Promise<number> {
  const { key, free, windowSeconds, thenEverySeconds } = limit;
  const windowBegan = new Date(now.getTime() - windowSeconds * 1000);
  const spaced = thenEverySeconds === null ? new Date(0) : new Date(now.getTime() - thenEverySeconds * 1000);
  const counted = await db.$queryRaw<unknown[]>`
    INSERT INTO sign_in_try (key, count, since, last_at) VALUES (${key}, 1, ${now}, ${now})
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN sign_in_try.since <= ${windowBegan} THEN 1 ELSE sign_in_try.count + 1 END,
      since = CASE WHEN sign_in_try.since <= ${windowBegan} THEN ${now} ELSE sign_in_try.since END,
      last_at = ${now}
    WHERE sign_in_try.since <= ${windowBegan} OR sign_in_try.count < ${free} OR sign_in_try.last_at <= ${spaced}
    RETURNING 1`;
  if (counted.length > 0) return 0;
  // Written while a clock was ahead: nobody waits for that clock.
  await db.$executeRaw`
    UPDATE sign_in_try SET since = least(since, ${now}::timestamptz), last_at = least(last_at, ${now}::timestamptz)
    WHERE key = ${key} AND (since > ${now}::timestamptz OR last_at > ${now}::timestamptz)`;
  const row = await db.signInTry.findUnique({ where: { key } });
  const until = [
    (row?.since ?? now).getTime() + windowSeconds * 1000,
    thenEverySeconds === null
      ? Number.POSITIVE_INFINITY
      : (row?.lastAt ?? now).getTime() + thenEverySeconds * 1000,
  ];
  return Math.max(1, Math.ceil((Math.min(...until) - now.getTime()) / 1000));
}

/** A try that was right, or that nobody looked at, is as if it had not been. */
export async function giveBackTries(db: Db, keys: string[]): Promise<void> {
  await db.signInTry.updateMany({
    where: { key: { in: keys }, count: { gt: 0 } },
    data: { count: { decrement: 1 } },
  });
}

/** A right password forgets the wrong ones before it, and what nobody asks about any more goes with it. */
export async function forgetTries(db: Db, keys: string[], now: Date): Promise<void> {
  await db.signInTry.deleteMany({
    where: { OR: [{ key: { in: keys } }, { lastAt: { lt: new Date(now.getTime() - dayMs) } }] },
  });
}
