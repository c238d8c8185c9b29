import { type StatedLatePolicy, storedLatePolicy } from "#course/deadlines/late-policy.ts";
import type { AssignmentDates } from "#course/deadlines/ports.ts";
import { newId } from "#course/ids.ts";
import { storedReviewForm } from "#course/reviews/review-form.ts";
import { differences, jsonOf } from "#infra/db/course/row-json.ts";
import type { Assignment, Prisma } from "#infra/db/generated/client.ts";
import { keepEdits } from "./keep-edits.ts";
import type { CourseFiles } from "./read-course.ts";
import { removeAssignments, removeExercises, reportTeams } from "./remove-assignments.ts";
import { takeFormerSlugs } from "./rename-assignments.ts";
import { reportDisorder } from "./report-disorder.ts";
import { writeCollected } from "./write-collected.ts";
import { type WrittenExercise, writeExercise } from "./write-exercises.ts";
import { isKept } from "./write-rows.ts";
import { noteChange, type Writing } from "./writing.ts";

export interface WrittenAssignment {
  id: string;
  slug: string;
}

type AssignmentSpec = CourseFiles["spec"]["assignments"][number];

/**
 * Every assignment and its exercises; what is no longer listed goes, unless students have submitted to it or have an
 * extension of it.
 */
export async function writeAssignments(writing: Writing) {
  const assignments: WrittenAssignment[] = [];
  const exercises: WrittenExercise[] = [];
  await takeFormerSlugs(writing);
  for (const [index, spec] of writing.files.spec.assignments.entries()) {
    const id = await writeAssignment(writing, spec, index + 1);
    assignments.push({ id, slug: spec.slug });
    for (const name of spec.exercises) exercises.push(await writeExercise(writing, id, name));
    const collected = spec.collect === undefined ? [] : [await writeCollected(writing, id, spec)];
    const listed = [...spec.exercises, ...collected];
    await removeExercises(writing, id, listed, ["assignments", index, "exercises"]);
  }
  await removeAssignments(writing);
  return { assignments, exercises };
}

/** What staff may change on the site as well. */
const datesOf = ({ releasedAt, dueAt, availableUntil }: AssignmentDates): AssignmentDates => ({
  ...{ releasedAt, dueAt, availableUntil },
});

async function writeAssignment(writing: Writing, spec: AssignmentSpec, position: number): Promise<string> {
  const { tx, courseId, now } = writing;
  const { slug, title, kind, points, extraCredit, dueZone, graceSeconds } = spec;
  const wanted = {
    ...{ title, kind, points, extraCredit, position, dueZone, graceSeconds, ...datesOf(spec) },
    latePolicy: storedLatePolicy.write(spec.latePolicy) satisfies StatedLatePolicy,
    page: spec.page ?? null,
    handIn: spec.handIn ?? null,
    reviewsEach: spec.reviews?.each ?? null,
    reviewSections: spec.reviews?.sections ?? [],
    reviewForm: storedReviewForm.write(spec.reviews?.form ?? []),
    teamMin: spec.team?.min ?? null,
    teamMax: spec.team?.max ?? null,
    teamAcrossSections: spec.team?.acrossSections ?? false,
  };
  const known = await tx.assignment.findUnique({ where: { courseId_slug: { courseId, slug } } });
  if (known === null) {
    noteChange(writing, `assignment ${slug}`, "added");
    const fromFile = datesJson(spec) as Prisma.InputJsonObject;
    const id = newId("asg", now);
    await tx.assignment.create({ data: { id, courseId, slug, ...wanted, fromFile } });
    await nameFormer(writing, id, spec.formerly);
    return id;
  }
  await nameFormer(writing, known.id, spec.formerly);
  if (spec.team === undefined) await reportTeams(writing, known, ["assignments", position - 1]);
  const { fromFile, values } = await keepEdits(writing, {
    ...{ subject: `assignment:${known.id}`, label: `assignment ${slug}` },
    ...{ file: datesJson(spec), base: known.fromFile, site: datesJson(known) },
  });
  if (reportDisorder(writing, { spec, position, values })) return known.id;
  const before = jsonOf({ ...known, points: Number(known.points) }, wanted);
  const after = { ...jsonOf(wanted, wanted), ...values };
  const fields = differences(before, after);
  if (fields.length === 0 && isKept(known.fromFile, fromFile)) return known.id;
  await tx.assignment.update({ where: { id: known.id }, data: { ...wanted, ...values, fromFile } });
  if (fields.length === 0) return known.id;
  noteChange(writing, `assignment ${slug}`, "changed", fields);
  await tx.auditEntry.create({
    data: {
      id: newId("aud", now),
      at: now,
      userId: null,
      action: "assignment.changed",
      subject: `assignment:${known.id}`,
      before: before as Prisma.InputJsonObject,
      after: after as Prisma.InputJsonObject,
      reason: whyChanged(writing.files.spec.slug, known.staffGraceSeconds),
    },
  });
  return known.id;
}

const datesJson = (row: AssignmentSpec | Assignment) => jsonOf(row, datesOf(row));

/** Addresses with a former slug lead to it. They stay when the file no longer names them: somebody kept the link. */
async function nameFormer({ tx, courseId }: Writing, assignmentId: string, formerly: string[]) {
  for (const slug of formerly) {
    await tx.formerSlug.upsert({
      where: { courseId_slug: { courseId, slug } },
      create: { courseId, slug, assignmentId },
      update: { assignmentId },
    });
  }
}

/** Syncing never touches the grace that staff set; whoever reads the audit learns that it still stands. */
function whyChanged(slug: string, staffGraceSeconds: number | null): string {
  const loaded = `${slug}/course.yaml was loaded with other values.`;
  return staffGraceSeconds === null
    ? loaded
    : `${loaded} The grace that staff set, ${staffGraceSeconds} seconds, stands over the file's.`;
}
