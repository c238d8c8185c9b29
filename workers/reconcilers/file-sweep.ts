import type { Clock } from "#course/clock.ts";
import { type SweepPorts, sweepFiles } from "#grading/submissions/sweep-files.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Reconciler } from "./loop.ts";

interface FileSweepParts extends SweepPorts {
  /** How long a file may lie without its row. */
  graceMs: number;
  everyMs: number;
  clock: Clock;
  log: Log;
}

/** Removes stored files that no row names: their upload failed, or its process died. */
export function fileSweep({ graceMs, everyMs, clock, log, ...ports }: FileSweepParts): Reconciler {
  return {
    name: "file-sweep",
    everyMs,
    pass: async () => {
      const { removed, unfinished } = await sweepFiles(ports, new Date(clock().getTime() - graceMs));
      for (const key of removed) log.warn({ key }, "A stored file that no submission names was removed.");
      if (unfinished > 0) log.info({ unfinished }, "Files of broken uploads were removed.");
    },
  };
}
