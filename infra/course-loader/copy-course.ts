import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  addDays,
  daysBetween,
  isCalendarDay,
  sayWeekday,
  weekdayOf,
} from "#course/catalogue/calendar-days.ts";
import { AppError } from "#course/errors.ts";
import { moveDates, setValue } from "./move-dates.ts";
import { type CourseFiles, readCourse } from "./read-course.ts";
import { CourseInvalid } from "./sync-course.ts";

export interface CopiedCourse {
  slug: string;
  term: string;
  /** How far every date was moved. */
  days: number;
}

/**
 * Copies a course to a new course with every date moved by the same number of days, so that its first class
 * is on `start`; comments and order stay. Throws AppError where the start is on another day of the week than the first
 * class, where the new course is there already, and where the copy is not right; then nothing is left of it.
 */
export async function copyCourse(options: {
  /** course: what was read of it. */
  from: { contentDir: string; course: CourseFiles };
  to: { contentDir: string; slug: string; term: string };
  /** Day of the first class, such as 2026-09-24. */
  start: string;
}): Promise<CopiedCourse> {
  const { from, to, start } = options;
  const { slug } = from.course.spec;
  const days = daysToMove(slug, firstClass(from.course), start);
  const target = path.join(to.contentDir, to.slug);
  if ((await readdir(target).catch(() => null)) !== null) {
    throw refused(`${target} is there already: choose another name with --slug, or remove it first.`);
  }
  const making = `${target}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(to.contentDir, { recursive: true });
  try {
    await cp(path.join(from.contentDir, slug), making, { recursive: true });
    for (const file of await datedFiles(making)) {
      const source = await readFile(path.join(making, file), "utf8");
      const moved = moveDates(source, days);
      const named =
        file === "course.yaml" ? setValue(setValue(moved, "slug", to.slug), "term", to.term) : moved;
      await writeFile(path.join(making, file), named);
    }
    await rename(making, target);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  const copy = await readCourse(to.contentDir, to.slug);
  if (copy.outcome === "invalid") {
    await rm(target, { recursive: true, force: true });
    throw new CourseInvalid(to.slug, copy.problems);
  }
  return { slug: to.slug, term: to.term, days };
}

/** Its day; null where the course has no classes. */
export const firstClass = ({ schedule }: CourseFiles): string | null =>
  schedule?.spec.classes.map(({ date }) => date).sort()[0] ?? null;

function daysToMove(slug: string, first: string | null, start: string): number {
  if (!isCalendarDay(start)) throw refused(`${start} is not a day: write one such as 2026-09-24.`);
  if (first === null) {
    throw refused(`${slug} has no classes in schedule.yaml, so nothing says by how much its dates move.`);
  }
  const [is, must] = [weekdayOf(start), weekdayOf(first)];
  if (is === must) return daysBetween(first, start);
  const near = [1, 2, 3, 4, 5, 6].map((days) => addDays(start, days)).find((day) => weekdayOf(day) === must);
  throw refused(
    `${start} is a ${sayWeekday(is)}, but the first class of ${slug} is on a ${sayWeekday(must)}: choose one, such as ${near}.`,
  );
}

/** Files in which days of the term stand, relative to the course's folder. */
async function datedFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .map((name) => name.split(path.sep).join("/"))
    .filter(
      (name) => name === "course.yaml" || name === "schedule.yaml" || /^announcements\/[^/]+\.md$/.test(name),
    );
}

const refused = (userMessage: string) => new AppError({ code: "course-not-copied", userMessage });
