import { storedLatePolicy } from "#course/deadlines/late-policy.ts";
import { newId } from "#course/ids.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { CourseFiles } from "./read-course.ts";
import { type WrittenExercise, writeExercise } from "./write-exercises.ts";
import { report, type Writing } from "./writing.ts";

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
  for (const [index, spec] of writing.files.spec.assignments.entries()) {
    const id = await writeAssignment(writing, spec, index + 1);
    assignments.push({ id, slug: spec.slug });
    for (const name of spec.exercises) exercises.push(await writeExercise(writing, id, name));
    await removeExercises(writing, id, spec.exercises, ["assignments", index, "exercises"]);
  }
  await removeAssignments(writing);
  return { assignments, exercises };
}

async function writeAssignment(writing: Writing, spec: AssignmentSpec, position: number): Promise<string> {
  const { tx, courseId, now } = writing;
  const { slug, title, kind, points, dueZone, releasedAt, dueAt, availableUntil, graceSeconds } = spec;
  const wanted = {
    ...{ title, kind, points, position, dueZone, releasedAt, dueAt, availableUntil, graceSeconds },
    latePolicy: storedLatePolicy.write(spec.latePolicy) satisfies Prisma.InputJsonValue,
    page: spec.page ?? null,
  };
  const known = await tx.assignment.findUnique({ where: { courseId_slug: { courseId, slug } } });
  if (known === null) {
    writing.changes++;
    const made = await tx.assignment.create({ data: { id: newId("asg", now), courseId, slug, ...wanted } });
    return made.id;
  }
  const before = asJson({ ...known, points: Number(known.points) }, wanted);
  const after = asJson(wanted, wanted);
  if (JSON.stringify(before) === JSON.stringify(after)) return known.id;
  writing.changes++;
  await tx.assignment.update({ where: { id: known.id }, data: wanted });
  await tx.auditEntry.create({
    data: {
      id: newId("aud", now),
      at: now,
      userId: null,
      action: "assignment.changed",
      subject: `assignment:${known.id}`,
      before,
      after,
      reason: whyChanged(writing.files.spec.slug, known.staffGraceSeconds),
    },
  });
  return known.id;
}

/** Loading never touches the grace that staff set; whoever reads the audit learns that it still stands. */
function whyChanged(slug: string, staffGraceSeconds: number | null): string {
  const loaded = `${slug}/course.yaml was loaded with other values.`;
  return staffGraceSeconds === null
    ? loaded
    : `${loaded} The grace that staff set, ${staffGraceSeconds} seconds, stands over the file's.`;
}

/** The fields that `shape` has, in its order and as JSON holds them: so that two of them can be compared and kept. */
function asJson(row: object, shape: object): Prisma.InputJsonObject {
  const values = row as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(shape).map((field) => {
      const value = values[field];
      const sorted = field === "latePolicy" ? sortKeys(value as object) : value;
      return [field, sorted instanceof Date ? sorted.toISOString() : sorted];
    }),
  ) as Prisma.InputJsonObject;
}

/** Postgres keeps a JSON object's keys in an order of its own. */
function sortKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function removeAssignments(writing: Writing) {
  const { tx, courseId, files } = writing;
  const listed = files.spec.assignments.map((assignment) => assignment.slug);
  const gone = await tx.assignment.findMany({ where: { courseId, slug: { notIn: listed } } });
  for (const { id, slug } of gone) {
    const kept = await removeExercises(writing, id, [], ["assignments"]);
    if (kept > 0) {
      report(writing, ["assignments"], `assignment ${slug} is no longer listed; list it again`);
      continue;
    }
    const extensions = await tx.extension.count({ where: { assignmentId: id } });
    if (extensions > 0) {
      const message = `assignment ${slug} is no longer listed, but students have extensions of it (${extensions}); list it again or end them first`;
      report(writing, ["assignments"], message);
      continue;
    }
    await tx.assignment.delete({ where: { id } });
    writing.changes++;
  }
}

/** Gives the number of exercises that could not go, each of which is reported. */
async function removeExercises(
  writing: Writing,
  assignmentId: string,
  listed: string[],
  keys: (string | number)[],
): Promise<number> {
  const gone = await writing.tx.exercise.findMany({
    where: { assignmentId, slug: { notIn: listed } },
    include: { _count: { select: { submissions: true } } },
  });
  let kept = 0;
  for (const exercise of gone) {
    const count = exercise._count.submissions;
    if (count > 0) {
      kept++;
      const message = `exercise ${exercise.slug} is no longer listed, but has ${count} submissions; list it again`;
      report(writing, keys, message);
      continue;
    }
    await writing.tx.exercise.delete({ where: { id: exercise.id } });
    writing.changes++;
  }
  return kept;
}
