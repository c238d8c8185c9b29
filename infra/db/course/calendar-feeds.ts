import { newId } from "#course/ids.ts";
import type { Db } from "../connection/client.ts";

interface Whose {
  courseId: string;
  userId: string;
}

/** The id of a person's calendar of a course; null: they have none. */
export async function findCalendarFeed(db: Db, whose: Whose): Promise<string | null> {
  const row = await db.calendarFeed.findUnique({ where: { courseId_userId: whose }, select: { id: true } });
  return row?.id ?? null;
}

/** Gives a person a calendar at a new address. One that they had is at its old address no more. */
export async function renewCalendarFeed(db: Db, whose: Whose, now: Date): Promise<void> {
  const fresh = { id: newId("cal", now), createdAt: now };
  // Two presses at once: each makes a row or takes the other's, and one address is left.
  await db.calendarFeed.upsert({
    where: { courseId_userId: whose },
    create: { ...whose, ...fresh },
    update: fresh,
  });
}

/** Ends a person's calendar. */
export async function endCalendarFeed(db: Db, whose: Whose): Promise<void> {
  await db.calendarFeed.deleteMany({ where: whose });
}
