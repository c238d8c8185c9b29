import { clear, createStore, del, entries, get, set } from "idb-keyval";
import type { ChosenFile } from "./dropped-work.ts";

/**
 * Files that were chosen and not sent yet, kept in the browser so that a reload, a crash of the tab or the way through
 * signing in does not lose them. A browser may refuse to keep anything: then nothing is kept, and nothing is claimed.
 */

/** Whose, and for what: another person on the same computer is never offered them. */
export interface Owner {
  /** The id of whom the page was opened for. */
  person: string;
  /** course/assignment/exercise */
  exercise: string;
}

export interface KeptWork {
  files: ChosenFile[];
  /** Of the upload, whether it was begun or not. */
  key: string;
  /** Milliseconds since 1970. */
  chosenAt: number;
}

interface Kept extends KeptWork {
  /** Of this shape; what another version wrote is not read. */
  version: 1;
}

const keptMs = 24 * 3_600_000;
const store = createStore("drydock-chosen-files", "by-person-and-exercise");
const nameOf = ({ person, exercise }: Owner) => `${person} ${exercise}`;

/**
 * Keeps it in the place of what the owner had kept; gives whether the browser does. Where it does not, what was kept
 * before is forgotten all the same: offered later, it would take the place of the newer work.
 */
export async function keepWork(owner: Owner, { files, key, chosenAt }: KeptWork): Promise<boolean> {
  const kept: Kept = { version: 1, files: files.map(({ path, file }) => ({ path, file })), key, chosenAt };
  const done = await tried(async () => {
    await set(nameOf(owner), kept, store);
    return true;
  }, false);
  if (!done) await tried(() => del(nameOf(owner), store), undefined);
  return done;
}

/** What the owner chose within the last day and neither sent nor removed; null: nothing. Forgets what is older, of anybody. */
export async function findKept(owner: Owner, now: number): Promise<KeptWork | null> {
  return tried(async () => {
    for (const [name, value] of await entries<string, unknown>(store)) {
      if (!isKept(value) || now - value.chosenAt > keptMs) await del(name, store);
    }
    const value: unknown = await get(nameOf(owner), store);
    return isKept(value) ? value : null;
  }, null);
}

/** Forgets it, unless the owner has chosen something else since, in another tab. */
export async function forgetKept(owner: Owner, key: string): Promise<void> {
  await tried(async () => {
    const value: unknown = await get(nameOf(owner), store);
    if (isKept(value) && value.key === key) await del(nameOf(owner), store);
  }, undefined);
}

/** Forgets what anybody chose in this browser. */
export async function forgetAllKept(): Promise<void> {
  await tried(() => clear(store), undefined);
}

function isKept(value: unknown): value is Kept {
  return typeof value === "object" && value !== null && "version" in value && value.version === 1;
}

/** A browser that keeps nothing (private windows, a full disk, switched off) is no trouble of the reader's. */
async function tried<Result>(act: () => Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await act();
  } catch {
    return otherwise;
  }
}
