import { isPartKey } from "./part-key.ts";
import type { StoredFile, SweptFileStore } from "./ports.ts";

export interface SweepPorts {
  files: Omit<SweptFileStore, "put" | "get" | "withLocalFile" | "delete">;
  /** Those of these keys that a row names: read anew at every call. */
  findNamed(keys: string[]): Promise<Set<string>>;
}

export interface SweepInput {
  /** Of the database that is asked. */
  installation: string;
  now: Date;
  /** Only what was last written before may go. */
  writtenBefore: Date;
  /** What was taken away before is removed for good. */
  trashedBefore: Date;
  /** What the pass before saw; it is brought up to date. Begin with an empty one. */
  seen: SeenFiles;
}

/** When each file was last written, by key. */
export interface SeenFiles {
  unnamed: Map<string, number>;
  unfinished: Map<string, number>;
}

export type SweepOutcome =
  | ({
      outcome: "swept";
      /** Keys that were taken away. */
      trashed: string[];
    } & Cleared)
  /** Nothing was touched: the files are of another installation than the database. */
  | { outcome: "foreign"; owner: string }
  /** No stored file was touched: so many submissions are never left by broken uploads. Parts are not among them. */
  | ({ outcome: "too-many"; unnamed: string[]; stored: number } & Cleared);

/** What goes also where the database may be an older copy: no row ever named it, or its time to be put back is over. */
interface Cleared {
  /** Unfinished uploads that were removed. */
  unfinished: number;
  /** Removed for good. */
  emptied: number;
}

/**
 * Only where submissions lie: each has a key of its own that no other upload ever takes. The files of an exercise are
 * found again by a later loading of its course, which then writes only their row.
 */
const swept = "submissions";

/** How many keys are asked about at once. */
const atOnce = 500;

/**
 * Takes away files that no row names: of uploads whose commit failed or whose process died, and parts of them. That
 * no row names a file may also mean that this is the wrong database, or an older copy of the right one. So nothing is
 * touched where the files have another owner, and no submission where more would go than broken uploads leave; what
 * goes can be put back for a while; and a file goes only when the pass before saw it as it is now, since a clock may
 * jump.
 */
export async function sweepFiles(ports: SweepPorts, input: SweepInput): Promise<SweepOutcome> {
  const { files } = ports;
  const { installation, seen } = input;
  const owner = await files.owner();
  if (owner !== null && owner !== installation) return { outcome: "foreign", owner };
  const { unnamed, stored } = await findUnnamed(ports, input.writtenBefore);
  // No database has rows for parts, so they tell nothing of this one, and one upload may leave hundreds.
  const whole = unnamed.map(({ key }) => key).filter((key) => !isPartKey(key));
  const nobodys = owner === null && whole.length > 0 && whole.length === stored;
  if (nobodys || isTooMany(whole.length, stored)) {
    // Files that nobody owns yet may be another installation's.
    const cleared = owner === null ? { unfinished: 0, emptied: 0 } : await clear(files, input);
    return { outcome: "too-many", unnamed: whole, stored, ...cleared };
  }
  // Not before it was seen that database and files fit together.
  const first = owner ?? (await files.own(installation));
  if (first !== installation) return { outcome: "foreign", owner: first };
  const trashed: string[] = [];
  for (const file of sawBefore(seen, "unnamed", unnamed)) {
    if (!(await isStillUnnamed(ports, file))) continue;
    await files.trash(file.key, input.now);
    trashed.push(file.key);
  }
  return { outcome: "swept", trashed, ...(await clear(files, input)) };
}

const clear = async (files: SweepPorts["files"], input: SweepInput): Promise<Cleared> => ({
  unfinished: await removeUnfinished(files, input),
  emptied: await files.emptyTrash(input.trashedBefore),
});

/** So many may go whatever else is stored; beyond them a share of what is stored, and never more than the most. */
const bounds = { few: 3, share: 0.2, most: 20 };

export function isTooMany(unnamed: number, stored: number): boolean {
  return unnamed > bounds.most || (unnamed > bounds.few && unnamed > stored * bounds.share);
}

/** All that no row names, parts too; `stored` counts whole submissions only. */
async function findUnnamed(
  { files, findNamed }: SweepPorts,
  writtenBefore: Date,
): Promise<{ unnamed: StoredFile[]; stored: number }> {
  const unnamed: StoredFile[] = [];
  let stored = 0;
  let old: StoredFile[] = [];
  const judge = async () => {
    const named = await findNamed(old.map(({ key }) => key));
    unnamed.push(...old.filter(({ key }) => !named.has(key)));
    old = [];
  };
  for await (const file of files.list(swept)) {
    if (!isPartKey(file.key)) stored += 1;
    if (file.writtenAt < writtenBefore) old.push(file);
    if (old.length === atOnce) await judge();
  }
  await judge();
  return { unnamed, stored };
}

/** Looks once more: the list, and what the database said of it, may be old by now. */
async function isStillUnnamed({ files, findNamed }: SweepPorts, file: StoredFile): Promise<boolean> {
  const now = await files.find(file.key);
  if (now?.writtenAt.getTime() !== file.writtenAt.getTime()) return false;
  return !(await findNamed([file.key])).has(file.key);
}

/** An upload that arrives is written to again and again; one that the pass before saw the same has ended. */
async function removeUnfinished(
  files: SweepPorts["files"],
  { seen, writtenBefore }: SweepInput,
): Promise<number> {
  const old: StoredFile[] = [];
  for await (const part of files.unfinished()) if (part.writtenAt < writtenBefore) old.push(part);
  let removed = 0;
  for (const part of sawBefore(seen, "unfinished", old)) if (await files.removeUnfinished(part)) removed += 1;
  return removed;
}

/** Those that the pass before saw too, unchanged; all of them are what the next one asks for. */
function sawBefore(seen: SeenFiles, kind: keyof SeenFiles, now: StoredFile[]): StoredFile[] {
  const before = seen[kind];
  seen[kind] = new Map(now.map(({ key, writtenAt }) => [key, writtenAt.getTime()]));
  return now.filter(({ key, writtenAt }) => before.get(key) === writtenAt.getTime());
}
