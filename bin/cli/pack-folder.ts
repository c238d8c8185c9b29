import { createReadStream, createWriteStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";

/**
 * Writes the files below `folder` as one tar: sorted, without times or owners, so that equal folders give equal
 * bytes. Links and devices go in as what they are: the archive's reader refuses them with its own sentence.
 */
export async function packFolder(folder: string, tarFile: string): Promise<void> {
  const pack = tar.pack();
  const written = pipeline(pack, createWriteStream(tarFile));
  // Not awaited yet: a failing disk must not be an unhandled rejection while files are still read.
  written.catch(() => {});
  for (const name of await listEntries(folder)) await addEntry(pack, folder, name);
  pack.finalize();
  await written;
}

async function listEntries(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

async function addEntry(pack: tar.Pack, folder: string, name: string): Promise<void> {
  const file = path.join(folder, name);
  const info = await lstat(file);
  const header = { name: name.split(path.sep).join("/"), mode: info.mode & 0o777, mtime: new Date(0) };
  if (info.isSymbolicLink()) {
    pack.entry({ ...header, type: "symlink", linkname: await readlink(file) });
  } else if (info.isFile()) {
    await pipeline(createReadStream(file), pack.entry({ ...header, size: info.size }));
  } else {
    pack.entry({ ...header, type: info.isFIFO() ? "fifo" : "character-device" });
  }
}
