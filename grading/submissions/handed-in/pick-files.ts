import type { Readable } from "node:stream";
import { readArchive } from "../archive/read-archive.ts";

/** A file that is wanted of an archive: where it stands in the list that was made when the archive was accepted. */
export interface WantedFile {
  /** From 0, in the list's order, which is the archive's. */
  place: number;
  /** As the list has it. */
  path: string;
}

export type PickOutcome =
  | { outcome: "ok" }
  /** message: what the archive's reader says of it. Nothing was handed out. */
  | { outcome: "unreadable"; message: string };

/** It was held against the exercise's limits when it was accepted, and those may be others by now. */
const acceptedBefore = {
  packedBytes: Number.MAX_SAFE_INTEGER,
  unpackedBytes: Number.MAX_SAFE_INTEGER,
  entries: Number.MAX_SAFE_INTEGER,
};

/**
 * Hands out these files of an accepted archive, in its order, and stops after the last of them. Which folder was taken
 * off their paths was decided then too, so a file is found by its place and not by its name. Throws what onFile
 * throws, for trouble with the disk, and when the archive is not the one that was listed.
 */
export async function pickFiles(
  archive: { file: string; fileName: string },
  wanted: readonly WantedFile[],
  onFile: (path: string, bytes: number, stream: Readable) => Promise<void>,
): Promise<PickOutcome> {
  const missing = new Map(wanted.map(({ place, path }) => [place, path]));
  if (missing.size === 0) return { outcome: "ok" };
  let place = -1;
  try {
    const read = await readArchive(
      archive.file,
      archive.fileName,
      acceptedBefore,
      async (file, stream) => {
        place += 1;
        const path = missing.get(place);
        if (path === undefined) return;
        if (file.path !== path && !file.path.endsWith(`/${path}`)) throw new NotTheListed(path);
        await onFile(path, file.bytes, stream);
        missing.delete(place);
        if (missing.size === 0) throw new AllPicked();
      },
      { keepTopFolder: true },
    );
    if (read.outcome === "refused") return { outcome: "unreadable", message: read.message };
  } catch (error) {
    if (error instanceof AllPicked) return { outcome: "ok" };
    throw error;
  }
  throw new NotTheListed([...missing.values()][0] ?? "");
}

/** Ends the reading early. */
class AllPicked extends Error {}

class NotTheListed extends Error {
  constructor(path: string) {
    super(`The archive does not hold ${JSON.stringify(path)} where its list has it.`);
  }
}
