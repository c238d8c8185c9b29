import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, type Stats } from "node:fs";
import { link, mkdir, open, opendir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { FileExists, FileMissing, type SweptFileStore } from "#grading/submissions/ports.ts";
import { keepOnce } from "./keep-once.ts";
import { hasContent, type Measured, measure } from "./measure.ts";
import { checkedKey } from "./storage-key.ts";

/** Where bytes lie until all of them have arrived; on the same file system, so that the move is one step. */
const incoming = ".incoming";
/** Where what was swept lies until it is removed, under its key; docs/operating.md says how to put it back. */
const trash = ".trash";
/** Holds the id of the installation whose files these are. */
const ownerFile = ".installation";

/**
 * Files in a folder. A key is visible only with all its bytes on disk: they are written elsewhere, synced, then
 * moved into place. Nothing but Drydock's own keys is accepted.
 */
export function createDiskStore(root: string): SweptFileStore {
  const store = path.resolve(root);
  const fileOf = (key: string) => path.join(store, checkedKey(key));
  const existing = async (key: string) => {
    const file = fileOf(key);
    const found = await fileAt(file);
    if (found === null) throw new FileMissing(key);
    return { file, bytes: found.size };
  };

  const find = async (key: string) => {
    const writtenAt = await writtenAtOf(fileOf(key));
    return writtenAt && { key, writtenAt };
  };

  return {
    put: async (key, source, rules = {}) => {
      const target = fileOf(key);
      const temporary = path.join(store, incoming, randomUUID());
      await mkdir(path.dirname(temporary), { recursive: true });
      const { through, measured } = measure(key, rules.mostBytes);
      try {
        await pipeline(
          source,
          through,
          createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true }),
        );
        await mkdir(path.dirname(target), { recursive: true });
        if (rules.once) await linkOnce(temporary, target, key, measured());
        else await rename(temporary, target);
        await syncFolder(path.dirname(target));
      } finally {
        await rm(temporary, { force: true });
      }
      return measured();
    },
    get: async (key) => {
      const { file, bytes } = await existing(key);
      return { stream: createReadStream(file), bytes };
    },
    withLocalFile: async (key, use) => use((await existing(key)).file),
    delete: async (key) => rm(fileOf(key), { force: true }),
    async *list(folder) {
      for await (const file of filesBelow(fileOf(folder))) {
        const key = path.relative(store, file).split(path.sep).join("/");
        const found = await find(key);
        if (found !== null) yield found;
      }
    },
    find,
    owner: () => unlessMissing(readFile(path.join(store, ownerFile), "utf8")),
    own: (installation) => keepOnce(path.join(store, ownerFile), () => installation),
    trash: async (key, at) => {
      const kept = path.join(store, trash, checkedKey(key));
      const { file } = await existing(key);
      await mkdir(path.dirname(kept), { recursive: true });
      // In this order: at no moment does it look as if it had lain there for long.
      await utimes(file, at, at);
      await rename(file, kept);
    },
    emptyTrash: async (trashedBefore) => {
      let removed = 0;
      for await (const file of filesBelow(path.join(store, trash))) {
        const trashedAt = await writtenAtOf(file);
        if (trashedAt === null || trashedAt >= trashedBefore) continue;
        await rm(file, { force: true });
        removed += 1;
      }
      return removed;
    },
    async *unfinished() {
      for await (const file of filesBelow(path.join(store, incoming))) {
        const writtenAt = await writtenAtOf(file);
        if (writtenAt !== null) yield { key: path.basename(file), writtenAt };
      }
    },
    removeUnfinished: async ({ key, writtenAt }) => {
      const file = path.join(store, incoming, checkedKey(key));
      if ((await writtenAtOf(file))?.getTime() !== writtenAt.getTime()) return false;
      await rm(file, { force: true });
      return true;
    },
  };
}

/** As absolute paths, however many there are; nothing where the folder is missing. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  // Not `recursive`: node 20 then gives the first 32 files of each inner folder and no more.
  const entries = await unlessMissing(opendir(folder));
  if (entries === null) return;
  for await (const entry of entries) {
    const below = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(below);
    else if (entry.isFile()) yield below;
  }
}

async function writtenAtOf(file: string): Promise<Date | null> {
  return (await fileAt(file))?.mtime ?? null;
}

/** null also for a folder: other keys begin with its name, and it is none itself. */
async function fileAt(file: string): Promise<Stats | null> {
  const found = await unlessMissing(stat(file));
  return found?.isFile() ? found : null;
}

async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** A link, since a rename would replace what another process put there a moment ago. */
async function linkOnce(temporary: string, target: string, key: string, content: Measured): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!(await hasContent(key, createReadStream(target), content))) throw new FileExists(key);
  }
}

/** The new name itself survives a power cut only once the folder is on disk. */
async function syncFolder(dir: string) {
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
