import { pipeline } from "node:stream/promises";
import { AppError } from "#course/errors.ts";
import { FileMissing, type FileStore, type SweptFileStore } from "#grading/submissions/ports.ts";
import { type Measured, measure } from "./measure.ts";

export interface CopiedFile {
  key: string;
  bytes: number;
  /** differs: the other store has other bytes under the key, and keeps them. */
  outcome: "copied" | "was-there" | "differs" | "would-be-copied";
}

/** All that Drydock stores; what lies in the trash or is half-written stays where it is. */
const folders = ["exercises", "submissions"];

/**
 * Copies every file from one store to the other, each compared byte for byte by its hash after it was read back; what
 * is there already is compared and left, so that a copy that was cut off goes on where it was. Nothing is removed.
 * Throws AppError where the stores are of two installations, or what was read back is not what was copied.
 */
export async function* copyFiles(
  from: SweptFileStore,
  to: SweptFileStore,
  { dryRun }: { dryRun: boolean },
): AsyncGenerator<CopiedFile> {
  await sameOwner(from, to, dryRun);
  for (const folder of folders) {
    for await (const { key } of from.list(folder)) {
      const content = await contentOf(from, key);
      // One that was taken away meanwhile needs no copy.
      if (content === null) continue;
      const outcome = await copyOne(from, to, key, content, dryRun);
      yield { key, bytes: content.bytes, outcome };
    }
  }
}

async function sameOwner(from: SweptFileStore, to: SweptFileStore, dryRun: boolean): Promise<void> {
  const owner = await from.owner();
  const other = owner === null || dryRun ? await to.owner() : await to.own(owner);
  if (other === null || other === owner) return;
  throw new AppError({
    code: "storage-foreign",
    userMessage: `Nothing was copied: the files there belong to the installation ${other}, and these to ${owner ?? "none yet"}.`,
  });
}

async function copyOne(
  from: FileStore,
  to: FileStore,
  key: string,
  content: Measured,
  dryRun: boolean,
): Promise<CopiedFile["outcome"]> {
  const there = await contentOf(to, key);
  if (there !== null) return isSame(there, content) ? "was-there" : "differs";
  if (dryRun) return "would-be-copied";
  await to.put(key, (await from.get(key)).stream, { once: true });
  const back = await contentOf(to, key);
  if (back !== null && isSame(back, content)) return "copied";
  throw new AppError({
    code: "storage-copy-differs",
    userMessage: `The copy of ${key} is not what was copied; it was left for you to look at.`,
  });
}

const isSame = (one: Measured, other: Measured): boolean =>
  one.bytes === other.bytes && one.sha256 === other.sha256;

/** null: there is none. */
async function contentOf(store: FileStore, key: string): Promise<Measured | null> {
  try {
    const { through, measured } = measure(key);
    await pipeline((await store.get(key)).stream, through.resume());
    return measured();
  } catch (error) {
    if (error instanceof FileMissing) return null;
    throw error;
  }
}
