import { newId } from "#course/ids.ts";
import { writeEditedRows } from "./write-rows.ts";
import type { Writing } from "./writing.ts";

/** Those of announcements/; what staff wrote on the site is left alone. */
export async function writeAnnouncements(writing: Writing) {
  const { tx, courseId, now, files } = writing;
  const rows = await tx.announcement.findMany({ where: { courseId } });
  await writeEditedRows(writing, {
    kind: "announcement",
    label: (slug) => `announcement ${slug}`,
    known: new Map(rows.map((row) => [row.slug, row])),
    wanted: files.announcements.map(({ slug, ...file }) => [slug, file, {}] as const),
    create: (slug, data) =>
      tx.announcement.create({ data: { id: newId("ann", now), courseId, slug, ...data } }),
    update: (id, data) => tx.announcement.update({ where: { id }, data }),
    remove: (id) => tx.announcement.delete({ where: { id } }),
  });
}
