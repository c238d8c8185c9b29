import type { Services } from "../../services.ts";

export interface AnnouncementView {
  slug: string;
  title: string;
  /** Markdown. */
  body: string;
  pinned: boolean;
  publishAt: string;
  /** Only staff see one before its time. */
  published: boolean;
}

/** Pinned ones first, then the newest. Students see what is published. most: how many; all when left out. */
export async function listAnnouncements(
  { db, clock }: Services,
  courseId: string,
  { isStaff, most }: { isStaff: boolean; most?: number },
): Promise<AnnouncementView[]> {
  const now = clock();
  const rows = await db.announcement.findMany({
    where: { courseId, ...(isStaff ? {} : { publishAt: { lte: now } }) },
    orderBy: [{ pinned: "desc" }, { publishAt: "desc" }, { slug: "asc" }],
    ...(most === undefined ? {} : { take: most }),
  });
  return rows.map(({ slug, title, body, pinned, publishAt }) => ({
    ...{ slug, title, body, pinned },
    publishAt: publishAt.toISOString(),
    published: publishAt <= now,
  }));
}
