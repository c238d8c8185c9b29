import { systemClock } from "#infra/clock/clock.ts";
import { loadCourse } from "#infra/course-loader/load-course.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { withDatabase } from "../with-database.ts";

/** `drydock course load`: brings the database up to the course's files; loading the same files again changes nothing. */
export async function courseLoad(terminal: Terminal, slug: string): Promise<ExitCode> {
  return withDatabase(async (db, config) => {
    const files = await openFileStore(config);
    const loaded = await loadCourse({
      db,
      files,
      contentDir: config.contentDir,
      slug,
      clock: systemClock,
    });
    terminal.out.write(`${slug}: ${loaded.changed ? "loaded" : "was up to date"}.\n`);
    return exitCode.ok;
  });
}
