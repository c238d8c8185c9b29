import { type Json, wholeRow } from "#course/catalogue/merge-edits.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { syncCourse } from "#infra/course-loader/sync-course.ts";
import type { CourseChange, StandingEdit } from "#infra/course-loader/writing.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { withDatabase } from "../with-database.ts";

/** `drydock course sync`: brings the database up to the course's files; the same files again change nothing. */
export async function courseSync(
  terminal: Terminal,
  slug: string,
  { dryRun }: { dryRun: boolean },
): Promise<ExitCode> {
  return withDatabase(async (db, config) => {
    const files = await openFileStore(config);
    const { contentDir } = config;
    const synced = await syncCourse({ db, files, contentDir, slug, clock: systemClock, dryRun });
    for (const change of synced.changes) terminal.out.write(`${sayChange(change)}\n`);
    for (const conflict of synced.conflicts) {
      terminal.err.write(
        `! ${sayConflict(conflict)}. The site's stands until staff settle it there, under Conflicts.\n`,
      );
    }
    terminal.out.write(`${slug}: ${outcome(synced.changes.length, dryRun)}\n`);
    return exitCode.ok;
  });
}

function sayConflict({ subject, field, file, site }: StandingEdit): string {
  if (field !== wholeRow) {
    return `${subject}: ${field} is ${say(file)} in the file, but was set to ${say(site)} on the site`;
  }
  return site === null
    ? `${subject}: the file says another thing of it now, but it was removed on the site`
    : `${subject}: is no longer in the files, but was edited on the site`;
}

function outcome(changes: number, dryRun: boolean): string {
  if (changes === 0) return "was up to date.";
  const counted = `${changes} ${changes === 1 ? "change" : "changes"}`;
  return dryRun ? `${counted} would be made; nothing was changed.` : `synced, ${counted}.`;
}

const marks = { added: "+", changed: "~", renamed: "~", removed: "-" } as const;

function sayChange({ subject, what, fields }: CourseChange): string {
  const said = fields.map(({ field, before, after }) => `${field} ${say(before)} → ${say(after)}`);
  return `${marks[what]} ${subject}${said.length > 0 ? `: ${said.join(", ")}` : ""}`;
}

/** Characters of a value that one line of a terminal takes. */
const longest = 60;

function say(value: Json): string {
  const text = value === null ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
