import type { Clock } from "#course/clock.ts";
import type { SettleNotice, TellStaff } from "#grading/notices/staff-notice.ts";
import {
  type SeenFiles,
  type SweepOutcome,
  type SweepPorts,
  sweepFiles,
} from "#grading/submissions/sweep-files.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Reconciler } from "./kit/loop.ts";

interface FileSweepParts extends SweepPorts {
  installation: string;
  /** How long a file may lie without its row. */
  graceMs: number;
  /** How long what was taken away can be put back. */
  trashMs: number;
  everyMs: number;
  clock: Clock;
  log: Log;
  store: { tellStaff: TellStaff; settleNotice: SettleNotice };
}

const notice = { action: "storage.unknown_files", subject: "storage:submissions" } as const;

/** Takes away stored files that no row names, unless so many are without that the database must be the wrong one. */
export function fileSweep(parts: FileSweepParts): Reconciler {
  const { installation, graceMs, trashMs, everyMs, clock, log, store, ...ports } = parts;
  const seen: SeenFiles = { unnamed: new Map(), unfinished: new Map() };
  return {
    name: "file-sweep",
    everyMs,
    pass: async () => {
      const now = clock();
      const before = (ms: number) => new Date(now.getTime() - ms);
      const times = { now, writtenBefore: before(graceMs), trashedBefore: before(trashMs) };
      const swept = await sweepFiles(ports, { installation, ...times, seen });
      if (swept.outcome !== "foreign") sayCleared(log, swept);
      if (swept.outcome !== "swept") {
        if (swept.outcome === "too-many") sayWhich(log, swept.unnamed);
        return store.tellStaff({ ...notice, reason: whyRefused(swept, installation) });
      }
      await store.settleNotice(notice);
      for (const key of swept.trashed)
        log.warn({ key }, "A stored file that no submission names was put into the trash.");
    },
  };
}

function sayCleared(log: Log, { unfinished, emptied }: { unfinished: number; emptied: number }): void {
  if (unfinished > 0) log.info({ unfinished }, "Files of broken uploads were removed.");
  if (emptied > 0) log.info({ emptied }, "The trash was emptied of what had lain there long enough.");
}

/** A line for each, up to this many. */
const saidAtMost = 1000;

function sayWhich(log: Log, keys: string[]): void {
  for (const key of keys.slice(0, saidAtMost)) log.warn({ key }, "No submission names this stored file.");
}

function whyRefused(refused: Exclude<SweepOutcome, { outcome: "swept" }>, installation: string): string {
  return refused.outcome === "foreign"
    ? `The stored files belong to the installation ${refused.owner}, and the database to ${installation}.`
    : `Of ${refused.stored} stored uploads the database does not know ${refused.unnamed.length}, more than broken uploads leave: it may be the wrong database, or an older copy.`;
}
