import type { Command } from "commander";
import type { ExitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** Courses as files, and in the database. */
export function addCourse(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  const course = root.command("course").description("courses as files, and in the database");
  course
    .command("check")
    .description("check a course's files: each mistake with its file and line")
    .argument("<slug>", "folder of the content folder")
    .action(async (slug: string) => {
      const { courseCheck } = await import("../commands/course-check.ts");
      keep(await courseCheck(terminal, slug));
    });
  course
    .command("sync")
    .description("bring the database up to the course's files; what staff edited on the site stays")
    .argument("<slug>", "folder of the content folder")
    .option("--dry-run", "say what would change, and change nothing", false)
    .action(async (slug: string, options: { dryRun: boolean }) => {
      const { courseSync } = await import("../commands/course-sync.ts");
      keep(await courseSync(terminal, slug, options));
    });
  course
    .command("copy")
    .description("copy a course's files for a new term, with every date moved")
    .argument("<slug>", "folder of the content folder")
    .requiredOption("--start <day>", "day of the new term's first class, such as 2026-09-24")
    .option("--slug <slug>", "name of the new course; with the new year when not given")
    .option("--term <term>", "such as Fall 2026; with the new year when not given")
    .action(async (slug: string, options: { start: string; slug?: string; term?: string }) => {
      const { courseCopy } = await import("../commands/course-copy.ts");
      keep(await courseCopy(terminal, slug, options));
    });
}
