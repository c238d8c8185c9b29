import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import path from "node:path";

export type StudentText = { outcome: "ok"; text: string } | { outcome: "missing" } | { outcome: "too-large" };

/** Reads a file of the submission as text; links are never followed. */
export async function readStudentText(
  submissionDir: string,
  file: string,
  maxBytes: number,
): Promise<StudentText> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path.join(submissionDir, file), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isAbsent(error)) return { outcome: "missing" };
    throw error;
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { outcome: "missing" };
    if (stats.size > maxBytes) return { outcome: "too-large" };
    return { outcome: "ok", text: await handle.readFile("utf8") };
  } finally {
    await handle.close();
  }
}

/** Size and execute bit of a file, or what else is there; null when nothing is. */
export async function statStudentFile(submissionDir: string, file: string) {
  try {
    const stats = await lstat(path.join(submissionDir, file));
    return {
      kind: stats.isFile()
        ? ("file" as const)
        : stats.isDirectory()
          ? ("folder" as const)
          : ("other" as const),
      bytes: stats.size,
      executable: (stats.mode & 0o100) !== 0,
    };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** What lies in a folder of the submission, folders with a trailing slash, for a sentence. */
export async function listHandedIn(submissionDir: string, folder = "."): Promise<string> {
  const entries = await readdir(path.join(submissionDir, folder), { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  const shown = names.slice(0, 20).join(", ");
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown || "nothing";
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}
