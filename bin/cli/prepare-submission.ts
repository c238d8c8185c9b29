import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { checkRequiredFiles } from "#grading/submissions/archive/check-required-files.ts";
import { readArchive } from "#grading/submissions/archive/read-archive.ts";
import { CommandFailure, exitCode } from "./exit.ts";
import { packFolder } from "./pack-folder.ts";

export interface PreparedSubmission {
  /** An archive: the caller's own, or a tar of the folder in the work folder. */
  file: string;
  fileName: string;
  /** hex */
  sha256: string;
  bytes: number;
}

/**
 * Makes one archive of a submission and holds it against the same rules as an upload.
 * Throws CommandFailure (bad input) with the sentence that a student would read.
 */
export async function prepareSubmission(
  submission: string,
  spec: ExerciseSpec,
  workDir: string,
): Promise<PreparedSubmission> {
  const source = path.resolve(submission);
  const info = await stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (info === null) throw refuse(`There is no file or folder ${submission}.`);

  const isFolder = info.isDirectory();
  const file = isFolder ? path.join(workDir, "submission.tar") : source;
  const fileName = isFolder ? `${path.basename(source)}.tar` : path.basename(source);
  if (isFolder) await packFolder(source, file);

  const read = await readArchive(file, fileName, spec.limits, undefined, spec);
  if (read.outcome === "refused") throw refuse(read.message);
  const required = checkRequiredFiles(read.files, spec.requiredFiles);
  if (required.outcome === "refused") throw refuse(required.message);
  return { file, fileName, ...(await hashFile(file)) };
}

async function hashFile(file: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { sha256: hash.digest("hex"), bytes: (await stat(file)).size };
}

function refuse(message: string): CommandFailure {
  return new CommandFailure(exitCode.badInput, message);
}
