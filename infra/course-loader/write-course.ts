import { newId } from "#course/ids.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import type { CourseFiles, CourseProblem } from "./read-course.ts";
import { type WrittenAssignment, writeAssignments } from "./write-assignments.ts";
import type { WrittenExercise } from "./write-exercises.ts";
import { report, type Writing } from "./writing.ts";

export interface WrittenCourse {
  course: { id: string; slug: string };
  /** In the order of the schedule. */
  assignments: WrittenAssignment[];
  exercises: WrittenExercise[];
}

/** Within one transaction, which the caller rolls back when there are problems. */
export async function writeCourse(
  tx: Tx,
  files: CourseFiles,
  now: Date,
): Promise<WrittenCourse & { changes: number; problems: CourseProblem[] }> {
  const { slug } = files.spec;
  // Two processes may start at once, and both load.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`course:${slug}`}, 0))`;
  const { courseId, changes } = await writeCourseRow(tx, files, now);
  const writing: Writing = { tx, now, files, courseId, changes, problems: [] };
  await writeSections(writing);
  const { assignments, exercises } = await writeAssignments(writing);
  const { problems } = writing;
  return { course: { id: courseId, slug }, assignments, exercises, changes: writing.changes, problems };
}

async function writeCourseRow(tx: Tx, files: CourseFiles, now: Date) {
  const { slug, title, term, timeZone } = files.spec;
  const wanted = { title, term, timeZone };
  const known = await tx.course.findUnique({ where: { slug } });
  if (known === null) {
    const made = await tx.course.create({ data: { id: newId("crs", now), slug, ...wanted, createdAt: now } });
    return { courseId: made.id, changes: 1 };
  }
  if (known.title === title && known.term === term && known.timeZone === timeZone) {
    return { courseId: known.id, changes: 0 };
  }
  await tx.course.update({ where: { slug }, data: wanted });
  return { courseId: known.id, changes: 1 };
}

async function writeSections(writing: Writing) {
  const { tx, courseId, files, now } = writing;
  const known = await tx.section.findMany({
    where: { courseId },
    include: { _count: { select: { enrollments: true } } },
  });
  for (const code of files.spec.sections) {
    if (known.some((section) => section.code === code)) continue;
    await tx.section.create({ data: { id: newId("sec", now), courseId, code } });
    writing.changes++;
  }
  for (const section of known) {
    if (files.spec.sections.includes(section.code)) continue;
    const people = section._count.enrollments;
    if (people > 0) {
      const message = `section ${section.code} is no longer listed, but ${people} people are enrolled in it; list it again or move them first`;
      report(writing, ["sections"], message);
      continue;
    }
    await tx.section.delete({ where: { id: section.id } });
    writing.changes++;
  }
}
