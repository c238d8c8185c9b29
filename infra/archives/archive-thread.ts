// Reads one archive in a thread of its own, so that neither its bytes nor its tricks stop the web server's.
import { parentPort, workerData } from "node:worker_threads";
import { readArchive } from "#grading/submissions/archive/read-archive.ts";
import type { ArchiveOrder, ThreadAnswer } from "./archive-order.ts";

async function read({ file, fileName, limits, requiredFiles }: ArchiveOrder): Promise<ThreadAnswer> {
  try {
    return { read: await readArchive(file, fileName, limits, undefined, { requiredFiles }) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.postMessage(await read(workerData as ArchiveOrder));
