import type { SweptFileStore } from "./ports.ts";

export interface SweepPorts {
  files: Pick<SweptFileStore, "list" | "find" | "delete" | "removeUnfinished">;
  /** Those of these keys that a row names: read anew at every call. */
  findNamed(keys: string[]): Promise<Set<string>>;
}

/**
 * Only where submissions lie: each has a key of its own that no other upload ever takes. The files of an exercise are
 * found again by a later loading of its course, which then writes only their row.
 */
const swept = "submissions";

/**
 * Removes files that no row names and that were last written before: of uploads whose commit failed or whose process
 * died, and parts of them. Gives the keys that went, and how many unfinished ones.
 */
export async function sweepFiles(
  ports: SweepPorts,
  writtenBefore: Date,
): Promise<{ removed: string[]; unfinished: number }> {
  const { files } = ports;
  const removed: string[] = [];
  let old: string[] = [];
  const judge = async () => {
    const named = await ports.findNamed(old);
    for (const key of old) {
      if (!named.has(key) && (await removeUnnamed(ports, key, writtenBefore))) removed.push(key);
    }
    old = [];
  };
  for await (const { key, writtenAt } of files.list(swept)) {
    if (writtenAt < writtenBefore) old.push(key);
    if (old.length === atOnce) await judge();
  }
  await judge();
  return { removed, unfinished: await files.removeUnfinished(writtenBefore) };
}

/** How many keys are asked about at once. */
const atOnce = 500;

/** Looks once more: the list, and what the database said of it, may be old by now. */
async function removeUnnamed(
  { files, findNamed }: SweepPorts,
  key: string,
  writtenBefore: Date,
): Promise<boolean> {
  const now = await files.find(key);
  if (now === null || now.writtenAt >= writtenBefore || (await findNamed([key])).has(key)) return false;
  await files.delete(key);
  return true;
}
