import { newId } from "#course/ids.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { lockCourse } from "#infra/db/course/edits/lock-course.ts";
import { differences, jsonOf } from "#infra/db/course/row-json.ts";
import type { CourseProblem } from "./course-problem.ts";
import type { CourseFiles } from "./read-course.ts";
import { writeAnnouncements } from "./write-announcements.ts";
import { type WrittenAssignment, writeAssignments } from "./write-assignments.ts";
import type { WrittenExercise } from "./write-exercises.ts";
import { writePapers } from "./write-papers.ts";
import { writeSchedule } from "./write-schedule.ts";
import { type CourseChange, noteChange, report, type StandingEdit, type Writing } from "./writing.ts";

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
): Promise<
  WrittenCourse & { changes: CourseChange[]; conflicts: StandingEdit[]; problems: CourseProblem[] }
> {
  const { slug } = files.spec;
  // Two processes may start at once, and both sync; and staff may be editing.
  await lockCourse(tx, slug);
  const writing: Writing = { tx, now, files, courseId: "", changes: [], conflicts: [], problems: [] };
  writing.courseId = await writeCourseRow(writing);
  await writeSections(writing);
  const { assignments, exercises } = await writeAssignments(writing);
  await writeSchedule(writing);
  await writePapers(writing);
  await writeAnnouncements(writing);
  const { courseId, changes, conflicts, problems } = writing;
  return { course: { id: courseId, slug }, assignments, exercises, changes, conflicts, problems };
}

async function writeCourseRow(writing: Writing): Promise<string> {
  const { tx, files, now } = writing;
  const { slug, code, title, term, timeZone } = files.spec;
  const schedule = files.schedule?.spec;
  const wanted = {
    ...{ code, title, term, timeZone },
    startsOn: schedule ? new Date(schedule.term.starts) : null,
    endsOn: schedule ? new Date(schedule.term.ends) : null,
    appointments: schedule?.appointments ?? null,
  };
  const known = await tx.course.findUnique({ where: { slug } });
  const subject = `course ${slug}`;
  if (known === null) {
    noteChange(writing, subject, "added");
    const made = await tx.course.create({ data: { id: newId("crs", now), slug, ...wanted, createdAt: now } });
    return made.id;
  }
  const fields = differences(jsonOf(known, wanted), jsonOf(wanted, wanted));
  if (fields.length === 0) return known.id;
  noteChange(writing, subject, "changed", fields);
  await tx.course.update({ where: { slug }, data: wanted });
  return known.id;
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
    noteChange(writing, `section ${code}`, "added");
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
    noteChange(writing, `section ${section.code}`, "removed");
  }
}
