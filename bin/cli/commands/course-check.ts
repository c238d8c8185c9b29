import { loadConfig } from "#infra/config/config.ts";
import { readCourse } from "#infra/course-loader/read-course.ts";
import { sayProblems } from "#infra/course-loader/sync-course.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** `drydock course check`: needs no database. */
export async function courseCheck(terminal: Terminal, slug: string): Promise<ExitCode> {
  const read = await readCourse(loadConfig().contentDir, slug);
  if (read.outcome === "invalid") {
    terminal.err.write(`${sayProblems(read.problems)}\n`);
    return exitCode.badInput;
  }
  const { spec, schedule, papers, announcements, exercises } = read.course;
  const counts = [
    [spec.assignments.length, "assignments"],
    [exercises.size, "exercises"],
    [schedule?.spec.classes.length ?? 0, "classes"],
    [schedule?.spec.officeHours.length ?? 0, "office hours a week"],
    [papers.length, "papers"],
    [announcements.length, "announcements"],
  ].map(([count, what]) => `${count} ${what}`);
  terminal.out.write(`${slug}: ${counts.join(", ")}. No mistakes.\n`);
  return exitCode.ok;
}
