import { noteChange, type Writing } from "./writing.ts";

/**
 * Gives an assignment that is known by a former slug its new one, before anything else is written: so that what was
 * handed in stays its own. A slug that is used again is nobody's former one any more.
 */
export async function takeFormerSlugs(writing: Writing) {
  const { tx, courseId, files } = writing;
  const listed = files.spec.assignments.map((assignment) => assignment.slug);
  const known = await tx.assignment.findMany({
    where: { courseId },
    select: { id: true, slug: true },
  });
  for (const { slug, formerly } of files.spec.assignments) {
    if (known.some((row) => row.slug === slug)) continue;
    const former = known.find((row) => formerly.includes(row.slug));
    if (former === undefined) continue;
    noteChange(writing, `assignment ${slug}`, "renamed", [
      { field: "slug", before: former.slug, after: slug },
    ]);
    await tx.assignment.update({ where: { id: former.id }, data: { slug } });
    former.slug = slug;
  }
  await tx.formerSlug.deleteMany({ where: { courseId, slug: { in: listed } } });
}
