import { Worker } from "node:worker_threads";
import type { ArchiveOrder } from "./archive-order.ts";

/** A reading needs some MiB whatever the archive's size. */
const threadMemoryMiB = 256;

/** A thread that carries out one order; whoever opens it terminates it. program: the thread's file. */
export const openArchiveThread = (program: string, order: ArchiveOrder): Worker =>
  new Worker(program, {
    name: "archive",
    workerData: order,
    // The server's own flags, such as a bundler's loader, are not the thread's.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: threadMemoryMiB },
  });
