import { newId } from "#course/ids.ts";
import { writeRows } from "./write-rows.ts";
import type { Writing } from "./writing.ts";

/** What is suggested for presentations. */
export async function writePapers(writing: Writing) {
  const { tx, courseId, now, files } = writing;
  const rows = await tx.paper.findMany({ where: { courseId } });
  await writeRows(writing, {
    label: (slug) => `paper ${slug}`,
    known: new Map(rows.map((row) => [row.slug, row])),
    wanted: files.papers.map(({ slug, kind, title, venue, year, link }, index) => {
      const told = { venue: venue ?? null, year: year ?? null, link: link ?? null };
      return [slug, { kind, title, position: index + 1, ...told }] as const;
    }),
    create: (slug, wanted) => tx.paper.create({ data: { id: newId("pap", now), courseId, slug, ...wanted } }),
    update: ({ id }, data) => tx.paper.update({ where: { id }, data }),
    remove: ({ id }) => tx.paper.delete({ where: { id } }),
  });
}
