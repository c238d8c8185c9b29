import { collectedSlug } from "#course/catalogue/course-spec.ts";
import { newId } from "#course/ids.ts";
import { differences, jsonOf } from "#infra/db/course/row-json.ts";
import type { CourseFiles } from "./read-course.ts";
import { noteChange, type Writing } from "./writing.ts";

type Spec = CourseFiles["spec"]["assignments"][number];

/** Where the assignment's work is collected; gives its slug. What was taken before other limits stays as it is. */
export async function writeCollected(writing: Writing, assignmentId: string, spec: Spec): Promise<string> {
  const { tx, now } = writing;
  const { formats = [], maxMegabytes = null } = spec.collect ?? {};
  const wanted = {
    title: `Hand in: ${spec.title}`,
    collectFormats: [...formats],
    collectMegabytes: maxMegabytes,
  };
  const where = { assignmentId_slug: { assignmentId, slug: collectedSlug } };
  const known = await tx.exercise.findUnique({ where });
  const subject = `collecting of ${spec.slug}`;
  if (known === null) {
    noteChange(writing, subject, "added");
    const id = newId("exc", now);
    await tx.exercise.create({ data: { id, assignmentId, slug: collectedSlug, ...wanted } });
    return collectedSlug;
  }
  const fields = differences(jsonOf(known, wanted), jsonOf(wanted, wanted));
  if (fields.length === 0) return collectedSlug;
  noteChange(writing, subject, "changed", fields);
  await tx.exercise.update({ where: { id: known.id }, data: wanted });
  return collectedSlug;
}
