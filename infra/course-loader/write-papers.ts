import { newId } from "#course/ids.ts";
import { differences, jsonOf } from "./row-json.ts";
import { noteChange, type Writing } from "./writing.ts";

/** What is suggested for presentations. */
export async function writePapers(writing: Writing) {
  const { tx, courseId, now, files } = writing;
  const known = new Map((await tx.paper.findMany({ where: { courseId } })).map((row) => [row.slug, row]));
  for (const [index, { slug, kind, title, venue, year, link }] of files.papers.entries()) {
    const wanted = {
      ...{ kind, title, position: index + 1 },
      ...{ venue: venue ?? null, year: year ?? null, link: link ?? null },
    };
    const row = known.get(slug);
    known.delete(slug);
    if (row === undefined) {
      noteChange(writing, `paper ${slug}`, "added");
      await tx.paper.create({ data: { id: newId("pap", now), courseId, slug, ...wanted } });
      continue;
    }
    const fields = differences(jsonOf(row, wanted), jsonOf(wanted, wanted));
    if (fields.length === 0) continue;
    noteChange(writing, `paper ${slug}`, "changed", fields);
    await tx.paper.update({ where: { id: row.id }, data: wanted });
  }
  for (const row of known.values()) {
    noteChange(writing, `paper ${row.slug}`, "removed");
    await tx.paper.delete({ where: { id: row.id } });
  }
}
