import { AppError } from "#course/errors.ts";
import { loadConfig } from "#infra/config/config.ts";
import { copyCourse } from "#infra/course-loader/copy-course.ts";
import { readCourse } from "#infra/course-loader/read-course.ts";
import { CourseInvalid } from "#infra/course-loader/sync-course.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** `drydock course copy`: files only; `course sync` brings the copy into the database. */
export async function courseCopy(
  terminal: Terminal,
  slug: string,
  options: { start: string; slug?: string; term?: string },
): Promise<ExitCode> {
  const { contentDir } = loadConfig();
  const read = await readCourse(contentDir, slug);
  if (read.outcome === "invalid") throw new CourseInvalid(slug, read.problems);
  const { term } = read.course.spec;
  const year = /\b\d{4}\b/.exec(term)?.[0] ?? null;
  const moved = (text: string) => (year === null ? text : text.replace(year, options.start.slice(0, 4)));
  const to = { contentDir, slug: options.slug ?? moved(slug), term: options.term ?? moved(term) };
  if (to.slug === slug) {
    throw new AppError({
      code: "course-not-copied",
      userMessage: `The copy of ${slug} needs a name of its own: give it one with --slug.`,
    });
  }
  const { start } = options;
  const copied = await copyCourse({ from: { contentDir, course: read.course }, to, start });
  terminal.out.write(
    `${contentDir}/${copied.slug}: ${copied.term}, every date ${copied.days} days later.\n` +
      "Look through its breaks, exceptions and announcements: they are of another term. Then\n" +
      `  drydock course sync --dry-run ${copied.slug}\n`,
  );
  return exitCode.ok;
}
