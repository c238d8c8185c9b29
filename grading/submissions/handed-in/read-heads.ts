import { createHash } from "node:crypto";
import { type PickOutcome, pickFiles, type WantedFile } from "./pick-files.ts";

/** The beginning of one file as it was handed in, and what all of it comes to. */
export interface FileHead {
  path: string;
  /** Of the whole file. */
  bytes: number;
  /** hex, of the whole file. */
  sha256: string;
  head: Uint8Array;
}

export interface HeadBounds {
  /** Bytes of one file. */
  each: number;
  /** Bytes of all together; once they are used up, heads are empty. */
  all: number;
}

export type HeadsOutcome = { outcome: "ok"; heads: FileHead[] } | Exclude<PickOutcome, { outcome: "ok" }>;

/** Reads the wanted files of an accepted archive, keeping no more of them in memory than the bounds say. */
export async function readHeads(
  archive: { file: string; fileName: string },
  wanted: readonly WantedFile[],
  bounds: HeadBounds,
): Promise<HeadsOutcome> {
  const heads: FileHead[] = [];
  let left = bounds.all;
  const picked = await pickFiles(archive, wanted, async (path, bytes, stream) => {
    const hash = createHash("sha256");
    const kept: Buffer[] = [];
    let room = Math.min(bounds.each, left);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (room === 0) continue;
      const part = chunk.subarray(0, room);
      kept.push(part);
      room -= part.length;
    }
    const head = Buffer.concat(kept);
    left -= head.length;
    heads.push({ path, bytes, sha256: hash.digest("hex"), head });
  });
  return picked.outcome === "ok" ? { outcome: "ok", heads } : picked;
}
