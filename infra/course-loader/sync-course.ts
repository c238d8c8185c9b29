import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import { FileMissing, type FileStore } from "#grading/submissions/ports.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { CourseProblem } from "./course-problem.ts";
import { tarOfFiles, zipOfFiles } from "./exercise-files.ts";
import { exerciseKeys } from "./exercise-keys.ts";
import { type CourseExercise, readCourse } from "./read-course.ts";
import { type WrittenCourse, writeCourse } from "./write-course.ts";
import type { CourseChange, StandingEdit } from "./writing.ts";

export interface SyncedCourse extends WrittenCourse {
  /** Empty when the database already said the same as the files. */
  changes: CourseChange[];
  /** Edits of staff's that stand although the files say something else by now. */
  conflicts: StandingEdit[];
}

/** The course's files are wrong; the message lists each problem as file:line. */
export class CourseInvalid extends AppError {
  constructor(
    slug: string,
    readonly problems: CourseProblem[],
  ) {
    super({
      code: "course-invalid",
      userMessage: `The course ${slug} was not taken; nothing was changed.\n${sayProblems(problems)}`,
    });
  }
}

export const sayProblems = (problems: CourseProblem[]): string =>
  problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join("\n");

/**
 * Brings database and file store up to content/<slug>: all of it or, when any file is wrong, nothing (throws
 * CourseInvalid). Syncing the same files again changes nothing. What the files no longer list is removed, unless
 * people are enrolled in it or have submitted to it: then that is a problem too. What staff edited on the site stays;
 * where its file changed as well, that is a conflict for staff to settle. dryRun: says what it would do, and does
 * nothing.
 */
export async function syncCourse(options: {
  db: Db;
  files: FileStore;
  contentDir: string;
  slug: string;
  clock: Clock;
  dryRun?: boolean;
}): Promise<SyncedCourse> {
  const { db, files, contentDir, slug, clock, dryRun = false } = options;
  const read = await readCourse(contentDir, slug);
  if (read.outcome === "invalid") throw new CourseInvalid(slug, read.problems);
  if (!dryRun) {
    // Keys are hashes of what lies under them, so files may come first: a version in the database has its files.
    for (const exercise of read.course.exercises.values()) await storeExercise(files, exercise);
  }
  let found: SyncedCourse | undefined;
  const writing = db.$transaction(
    async (tx) => {
      const { problems, ...outcome } = await writeCourse(tx, read.course, clock());
      if (problems.length > 0) throw new CourseInvalid(slug, problems);
      found = outcome;
      if (dryRun) throw new RolledBack();
    },
    { timeout: 60_000 },
  );
  await writing.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  if (found === undefined) throw new Error("The course was neither written nor refused.");
  return found;
}

/** Ends the transaction of a dry run, so that nothing of it stays. */
class RolledBack extends Error {}

async function storeExercise(files: FileStore, exercise: CourseExercise) {
  const keys = exerciseKeys(exercise);
  if (!(await isStored(files, keys.hiddenKey))) await files.put(keys.hiddenKey, tarOfFiles(exercise.hidden));
  if (keys.starterKey !== null && !(await isStored(files, keys.starterKey))) {
    await files.put(keys.starterKey, zipOfFiles(exercise.starter));
  }
}

async function isStored(files: FileStore, key: string): Promise<boolean> {
  try {
    (await files.get(key)).stream.destroy();
    return true;
  } catch (error) {
    if (error instanceof FileMissing) return false;
    throw error;
  }
}
