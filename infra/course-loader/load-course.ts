import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import { FileMissing, type FileStore } from "#grading/submissions/ports.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { tarOfFiles, zipOfFiles } from "./exercise-files.ts";
import { exerciseKeys } from "./exercise-keys.ts";
import { type CourseExercise, type CourseProblem, readCourse } from "./read-course.ts";
import { type WrittenCourse, writeCourse } from "./write-course.ts";

export interface LoadedCourse extends WrittenCourse {
  /** false when the database already said the same as the files. */
  changed: boolean;
}

/** The course's files are wrong; the message lists each problem as file:line. */
export class CourseInvalid extends AppError {
  constructor(
    slug: string,
    readonly problems: CourseProblem[],
  ) {
    const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    super({
      code: "course-invalid",
      userMessage: `The course ${slug} was not loaded; nothing was changed.\n${lines.join("\n")}`,
    });
  }
}

/**
 * Brings database and file store up to content/<slug>: all of it or, when any file is wrong, nothing (throws
 * CourseInvalid). Loading the same files again changes nothing. What the files no longer list is removed, unless
 * people are enrolled in it or have submitted to it: then that is a problem too.
 */
export async function loadCourse(options: {
  db: Db;
  files: FileStore;
  contentDir: string;
  slug: string;
  clock: Clock;
}): Promise<LoadedCourse> {
  const { db, files, contentDir, slug, clock } = options;
  const read = await readCourse(contentDir, slug);
  if (read.outcome === "invalid") throw new CourseInvalid(slug, read.problems);
  // Keys are hashes of what lies under them, so files may come first: a version in the database has its files.
  for (const exercise of read.course.exercises.values()) await storeExercise(files, exercise);
  const { changes, course, assignments, exercises } = await db.$transaction(
    async (tx) => {
      const outcome = await writeCourse(tx, read.course, clock());
      if (outcome.problems.length > 0) throw new CourseInvalid(slug, outcome.problems);
      return outcome;
    },
    { timeout: 60_000 },
  );
  return { course, assignments, exercises, changed: changes > 0 };
}

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
