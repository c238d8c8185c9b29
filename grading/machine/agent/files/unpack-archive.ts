import { constants } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SubmissionLimits } from "../../../exercises/spec/spec.ts";
import {
  type ArchiveFile,
  type ReadArchiveOutcome,
  readArchive,
} from "../../../submissions/archive/read-archive.ts";

/**
 * Unpacks an archive into a folder that must not exist yet. Files get mode 0644, or 0755 when the archive says they
 * are executable, folders 0755, whatever else the archive states. The reader lets no link through; opening with
 * O_NOFOLLOW and O_EXCL makes sure.
 */
export async function unpackArchive(
  archive: string,
  fileName: string,
  limits: SubmissionLimits,
  dir: string,
  options: { keepTopFolder?: boolean; requiredFiles?: readonly string[] } = {},
): Promise<ReadArchiveOutcome> {
  await mkdir(dir, { mode: 0o755 });
  return readArchive(archive, fileName, limits, (file, stream) => writeOne(dir, file, stream), options);
}

async function writeOne(dir: string, file: ArchiveFile, stream: Readable): Promise<void> {
  const target = path.join(dir, file.path);
  await makeFolders(dir, path.dirname(file.path));
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
  const handle = await open(target, flags, 0o600);
  try {
    // Before the bytes, and not by open's mode, which the umask would narrow.
    await handle.chmod(file.executable ? 0o755 : 0o644);
    await pipeline(stream, handle.createWriteStream());
  } finally {
    await handle.close().catch((error: NodeJS.ErrnoException) => {
      // The stream closes the handle when it ends.
      if (error.code !== "EBADF") throw error;
    });
  }
}

async function makeFolders(dir: string, relative: string): Promise<void> {
  if (relative === ".") return;
  let at = dir;
  for (const segment of relative.split("/")) {
    at = path.join(at, segment);
    try {
      await mkdir(at, { mode: 0o755 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (!(await lstat(at)).isDirectory()) throw error;
    }
  }
}
