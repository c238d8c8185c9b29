import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { ZipFile } from "yazl";
import { isSystemClutter } from "#grading/submissions/archive/entry-path.ts";

export interface FolderFile {
  /** Relative to the folder, with forward slashes. */
  path: string;
  /** Absolute. */
  file: string;
  bytes: number;
  executable: boolean;
  /** hex, of the content. */
  sha256: string;
}

export type ListFolderOutcome =
  | { outcome: "ok"; files: FolderFile[] }
  /** path: of what is neither a file nor a folder. */
  | { outcome: "invalid"; path: string };

/** Every file below a folder, sorted by path; none for null. Editors' and systems' clutter is left out. */
export async function listFolder(folder: string | null): Promise<ListFolderOutcome> {
  if (folder === null) return { outcome: "ok", files: [] };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: FolderFile[] = [];
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(folder, file).split(path.sep).join("/");
    if (entry.isDirectory() || isSystemClutter(relative)) continue;
    if (!entry.isFile()) return { outcome: "invalid", path: relative };
    const info = await lstat(file);
    const executable = (info.mode & 0o100) !== 0;
    files.push({ path: relative, file, bytes: info.size, executable, sha256: await hashFile(file) });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { outcome: "ok", files };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The same files give the same bytes: no owners, no times, sorted. No files give no bytes at all. */
export function tarOfFiles(files: FolderFile[]): Readable {
  if (files.length === 0) return Readable.from([]);
  const tar = pack();
  const fill = async () => {
    for (const { path: name, file, bytes, executable } of files) {
      const header = { name, size: bytes, mode: modeOf(executable), mtime: new Date(0), uid: 0, gid: 0 };
      await pipeline(createReadStream(file), tar.entry(header));
    }
    tar.finalize();
  };
  fill().catch((error: Error) => tar.destroy(error));
  return Readable.from(tar);
}

/** As tarOfFiles, as a zip for students: every system opens one. */
export function zipOfFiles(files: FolderFile[]): Readable {
  const zip = new ZipFile();
  // The zip format has the local time of its maker: this one is written the same in every zone.
  const mtime = new Date(1980, 0, 1);
  for (const { path: name, file, executable } of files) {
    zip.addFile(file, name, { mtime, mode: 0o100000 | modeOf(executable), forceDosTimestamp: true });
  }
  zip.on("error", (error) => (zip.outputStream as Readable).destroy(error));
  zip.end();
  return zip.outputStream as Readable;
}

const modeOf = (executable: boolean) => (executable ? 0o755 : 0o644);
