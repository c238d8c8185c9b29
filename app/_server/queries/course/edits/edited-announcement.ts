import { type TypedAnnouncement, typePublication } from "#course/catalogue/read-announcement.ts";
import { storedRemovedRow } from "#course/catalogue/stored-edits.ts";
import { fingerprint } from "#course/fingerprint.ts";
import { asTheFileSays, openConflicts } from "#infra/db/course/edits/agree-conflicts.ts";
import { findEdited } from "#infra/db/course/edits/edited-tables.ts";
import type { Services } from "../../../services.ts";
import type { CourseView } from "../course-page.ts";
import { type SaidField, sayDifferences } from "./field-words.ts";

/** An announcement for whoever edits it. */
export type EditedAnnouncement =
  | {
      state: "there";
      id: string;
      slug: string;
      title: string;
      publishAt: Date;
      typed: TypedAnnouncement;
      seen: string;
      /** Whether a file has it, and of what staff changed, what the file says. */
      fromFile: boolean;
      inFile: SaidField[];
      conflict: boolean;
    }
  /** Staff removed it, and can bring it back. */
  | { state: "removed"; id: string; slug: string; title: string; by: string; at: string; fromFile: boolean };

export async function findEditedAnnouncement(
  { db }: Services,
  course: CourseView,
  slug: string,
): Promise<EditedAnnouncement | null> {
  if (!/^[a-z0-9-]{1,100}$/.test(slug)) return null;
  const courseId = course.id;
  const found = await db.announcement.findUnique({ where: { courseId_slug: { courseId, slug } } });
  if (found === null) return findRemoved(db, courseId, slug);
  const { id, title, body, pinned, publishAt } = found;
  const [row, open] = await Promise.all([
    findEdited(db, "announcement", id),
    openConflicts({ tx: db, courseId }, "announcement", id),
  ]);
  const site = row?.site ?? {};
  const file = row === null || row.base === null ? null : asTheFileSays(row, open);
  return {
    ...{ state: "there", id, slug, title, publishAt },
    typed: { title, body, pinned: pinned ? "on" : "", ...typePublication(publishAt, course.timeZone) },
    seen: fingerprint(site),
    fromFile: file !== null,
    inFile: sayDifferences(file, site),
    conflict: open.length > 0,
  };
}

async function findRemoved(
  db: Services["db"],
  courseId: string,
  slug: string,
): Promise<EditedAnnouncement | null> {
  const row = await db.siteRemoval.findUnique({
    where: { courseId_kind_slug: { courseId, kind: "announcement", slug } },
    include: { removedBy: { select: { name: true } } },
  });
  if (row === null) return null;
  const { id, removedAt, removedBy, fromFile } = row;
  const [title] = titlesOf([row]);
  return {
    ...{ state: "removed", id, slug, title: title ?? slug, by: removedBy.name },
    ...{ at: removedAt.toISOString(), fromFile: fromFile !== null },
  };
}

const titlesOf = (rows: { slug: string; fields: unknown }[]) =>
  rows.map(({ slug, fields }) => {
    const read = storedRemovedRow.read(fields);
    return read.outcome === "read" && typeof read.value.title === "string" ? read.value.title : slug;
  });

/** What staff removed, so that it can be brought back; newest first. */
export async function listRemovedAnnouncements(
  { db }: Services,
  courseId: string,
): Promise<{ slug: string; title: string }[]> {
  const rows = await db.siteRemoval.findMany({
    where: { courseId, kind: "announcement" },
    orderBy: { removedAt: "desc" },
    take: 20,
  });
  const titles = titlesOf(rows);
  return rows.map(({ slug }, index) => ({ slug, title: titles[index] ?? slug }));
}
