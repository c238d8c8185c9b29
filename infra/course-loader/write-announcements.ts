import { newId } from "#course/ids.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { keepEdits, mayRemove } from "./keep-edits.ts";
import { differences, jsonOf } from "./row-json.ts";
import { nothingOf } from "./write-schedule.ts";
import { noteChange, type Writing } from "./writing.ts";

/** Those of announcements/; what staff wrote on the site is left alone. */
export async function writeAnnouncements(writing: Writing) {
  const { tx, courseId, now, files } = writing;
  const known = new Map(
    (await tx.announcement.findMany({ where: { courseId } })).map((row) => [row.slug, row]),
  );
  for (const { slug, ...file } of files.announcements) {
    const label = `announcement ${slug}`;
    const row = known.get(slug);
    known.delete(slug);
    if (row === undefined) {
      noteChange(writing, label, "added");
      const fromFile = jsonOf(file, file) as Prisma.InputJsonObject;
      await tx.announcement.create({ data: { id: newId("ann", now), courseId, slug, ...file, fromFile } });
      continue;
    }
    const site = jsonOf(row, file);
    const kept = await keepEdits(writing, {
      ...{ subject: `announcement:${row.id}`, label, site },
      file: jsonOf(file, file),
      base: row.fromFile ?? nothingOf(file),
    });
    const fields = differences(site, kept.values);
    if (fields.length > 0) noteChange(writing, label, "changed", fields);
    const data = { ...kept.values, fromFile: kept.fromFile } as Prisma.AnnouncementUpdateInput;
    await tx.announcement.update({ where: { id: row.id }, data });
  }
  for (const row of known.values()) {
    if (row.fromFile === null) continue;
    const { id, slug, title, body, pinned, publishAt } = row;
    const label = `announcement ${slug}`;
    const edited = { title, body, pinned, publishAt };
    const found = { subject: `announcement:${id}`, label, base: row.fromFile, site: jsonOf(edited, edited) };
    if (!(await mayRemove(writing, found))) continue;
    noteChange(writing, label, "removed");
    await tx.announcement.delete({ where: { id } });
  }
}
