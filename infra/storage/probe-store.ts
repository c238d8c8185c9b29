import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { FileMissing, type SweptFileStore } from "#grading/submissions/ports.ts";

/** In no folder that is swept or copied. */
const key = "health/probe";
const content = "Drydock looks whether it can store files here.";

/**
 * Does with a file of its own what Drydock needs of a store: writes, reads, lists, looks at what is half-written, and
 * deletes. Throws the first thing that went wrong.
 */
export async function probeStore(files: SweptFileStore): Promise<void> {
  await files.put(key, Readable.from([Buffer.from(content)]));
  await readBack(files);
  await files.find(key);
  for await (const _part of files.unfinished()) break;
  await files.delete(key);
}

async function readBack(files: SweptFileStore): Promise<void> {
  try {
    const read = await text((await files.get(key)).stream);
    if (read !== content) throw new Error("What was read is not what was written.");
  } catch (error) {
    // Another worker's look took it away.
    if (!(error instanceof FileMissing)) throw error;
  }
}
