import { rm } from "node:fs/promises";
import path from "node:path";
import { addDays, daysBetween } from "#course/catalogue/calendar-days.ts";
import { AppError } from "#course/errors.ts";
import { copyCourse, firstClass } from "#infra/course-loader/copy-course.ts";
import { readCourse } from "#infra/course-loader/read-course.ts";
import { CourseInvalid } from "#infra/course-loader/sync-course.ts";

/** The course that comes with Drydock. */
export const sourceCourse = "tcss562-f2024";
/** The demo's copy of it. */
export const demoCourse = "tcss562-demo";

/** From the first class to the day on which the demo finds the course: the Thursday of its ninth week. */
const daysIn = 56;

/**
 * Copies the course into the data folder with its dates moved, so that today is in its ninth week: some work is past,
 * some is due in the next days. Made anew at each start. Gives where it lies.
 */
export async function makeDemoCourse(options: {
  contentDir: string;
  dataDir: string;
  now: Date;
}): Promise<{ contentDir: string; slug: string }> {
  const { contentDir, now } = options;
  const read = await readCourse(contentDir, sourceCourse);
  if (read.outcome === "invalid") throw new CourseInvalid(sourceCourse, read.problems);
  const first = firstClass(read.course);
  if (first === null) {
    throw new AppError({
      code: "demo-course-unusable",
      userMessage: `${sourceCourse} has no classes, so nothing says when its term is.`,
    });
  }
  const target = path.join(options.dataDir, "demo-content");
  await rm(target, { recursive: true, force: true });
  await copyCourse({
    from: { contentDir, course: read.course },
    to: { contentDir: target, slug: demoCourse, term: "Demo term" },
    start: startBefore(first, now),
  });
  return { contentDir: target, slug: demoCourse };
}

/** A day in whole weeks from `first`, so that `daysIn` days later is today or up to six days ago, Anywhere on Earth. */
export function startBefore(first: string, now: Date): string {
  const today = new Date(now.getTime() - 12 * 3_600_000).toISOString().slice(0, 10);
  const weeks = Math.floor((daysBetween(first, today) - daysIn) / 7);
  return addDays(first, weeks * 7);
}
