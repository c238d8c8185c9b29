import { newId } from "#course/ids.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { kindFor } from "#grading/machines/machine-kind.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { exerciseKeys } from "./exercise-keys.ts";
import type { CourseExercise } from "./read-course.ts";
import { noteChange, type Writing } from "./writing.ts";

export interface WrittenExercise {
  id: string;
  slug: string;
  assignmentId: string;
  /** The version that new submissions are graded by. */
  versionId: string;
  hash: string;
}

/** The exercise and its version of these files, which becomes the current one; earlier versions stay. */
export async function writeExercise(
  writing: Writing,
  assignmentId: string,
  name: string,
): Promise<WrittenExercise> {
  const exercise = writing.files.exercises.get(name);
  if (exercise === undefined) throw new Error(`The exercise ${name} was not read.`);
  const id = await writeExerciseRow(writing, assignmentId, exercise);
  const versionId = await writeVersion(writing, id, exercise);
  return { id, slug: name, assignmentId, versionId, hash: exercise.hash };
}

async function writeExerciseRow(writing: Writing, assignmentId: string, exercise: CourseExercise) {
  const { tx, now } = writing;
  const { slug, title } = exercise.spec;
  const known = await tx.exercise.findUnique({ where: { assignmentId_slug: { assignmentId, slug } } });
  const subject = `exercise ${slug}`;
  if (known === null) {
    noteChange(writing, subject, "added");
    const made = await tx.exercise.create({ data: { id: newId("exc", now), assignmentId, slug, title } });
    return made.id;
  }
  if (known.title !== title) {
    noteChange(writing, subject, "changed", [{ field: "title", before: known.title, after: title }]);
    await tx.exercise.update({ where: { id: known.id }, data: { title } });
  }
  return known.id;
}

async function writeVersion(writing: Writing, exerciseId: string, exercise: CourseExercise) {
  const { tx, now } = writing;
  const { hash, spec } = exercise;
  const known = await tx.exerciseVersion.findUnique({ where: { exerciseId_hash: { exerciseId, hash } } });
  if (known?.current) return known.id;
  const before = await tx.exerciseVersion.findFirst({ where: { exerciseId, current: true } });
  const versions = { field: "version", before: before?.hash.slice(0, 12) ?? null, after: hash.slice(0, 12) };
  noteChange(writing, `exercise ${exercise.spec.slug}`, "changed", [versions]);
  // One after the other: at no time may two be current.
  await tx.exerciseVersion.updateMany({ where: { exerciseId, current: true }, data: { current: false } });
  if (known !== null) {
    await tx.exerciseVersion.update({ where: { id: known.id }, data: { current: true } });
    return known.id;
  }
  const id = newId("ver", now);
  const json = storedSpec.write(spec) as unknown as Prisma.InputJsonObject;
  const data = {
    id,
    exerciseId,
    hash,
    spec: json,
    machineKind: kindFor(spec),
    ...exerciseKeys(exercise),
    current: true,
    createdAt: now,
  };
  await tx.exerciseVersion.create({ data });
  return id;
}
