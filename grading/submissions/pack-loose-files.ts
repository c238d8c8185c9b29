import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import type { FileStore } from "./ports.ts";

export interface LooseFile {
  /** Cleaned path inside the submission. */
  path: string;
  key: string;
  bytes: number;
}

const epoch = new Date(0);

/**
 * Stores loose files as one tar under `key`. The same files give the same bytes whatever their order, so that the
 * same work has the same hash. One of the files may lie under `key` itself: it is replaced when all is written.
 */
export async function packLooseFiles(store: FileStore, key: string, files: LooseFile[]) {
  const tar = pack();
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const fill = async () => {
    for (const file of sorted) {
      const { stream } = await store.get(file.key);
      const header = { name: file.path, size: file.bytes, mode: 0o644, mtime: epoch, uid: 0, gid: 0 };
      await pipeline(stream, tar.entry(header));
    }
    tar.finalize();
  };
  const [stored] = await Promise.all([
    store.put(key, Readable.from(tar)),
    fill().catch((error: Error) => {
      tar.destroy(error);
      throw error;
    }),
  ]);
  return stored;
}
