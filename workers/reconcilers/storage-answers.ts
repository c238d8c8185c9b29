import type { Clock } from "#course/clock.ts";
import { withinTime } from "#course/within-time.ts";
import type { FleetTimings } from "#grading/machines/timings.ts";
import type { SettleNotice, TellStaff } from "#grading/notices/staff-notice.ts";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import { probeStore } from "#infra/storage/probe-store.ts";
import { StorageError, type StorageTrouble } from "#infra/storage/storage-error.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { Reconciler } from "./kit/loop.ts";

interface StorageAnswersParts {
  files: SweptFileStore;
  store: { tellStaff: TellStaff; settleNotice: SettleNotice };
  timings: Pick<FleetTimings, "storage" | "every">;
  clock: Clock;
  log: Log;
  /** Told at each look: while nothing can be read, no machine could grade. */
  onLook(readable: boolean): void;
}

const notice = { action: "storage.trouble", subject: "storage:files" } as const;

/** What goes wrong, for as long as it is the same. */
interface Trouble {
  kind: string;
  since: Date;
  told: boolean;
}

/**
 * Stores, reads and deletes a file of its own now and then, and tells staff when that fails: at once where somebody
 * has to change something, else when it does not pass by itself. Told once for each kind of trouble, and settled as soon
 * as all of it works.
 */
export function storageAnswers(parts: StorageAnswersParts): Reconciler {
  const { files, store, timings, clock, log, onLook } = parts;
  const { patienceMs, restMs, limitMs } = timings.storage;
  let trouble: Trouble | null = null;
  let wellAt: Date | null = null;
  // A worker before this one may have told something and ended.
  let settled = false;

  const works = async (now: Date) => {
    if (trouble !== null) log.info("Files can be stored and read again.");
    if (!settled) await store.settleNotice(notice);
    settled = true;
    trouble = null;
    wellAt = now;
  };
  const fails = async (err: unknown, now: Date) => {
    wellAt = null;
    const kind = kindOf(err);
    if (trouble?.kind !== kind) {
      log.error({ err }, "Files cannot be stored or read.");
      trouble = { kind, since: trouble?.since ?? now, told: false };
    }
    const lasts = Math.abs(now.getTime() - trouble.since.getTime()) >= patienceMs;
    if (trouble.told || !(lasts || needsSomebody(err))) return;
    await store.tellStaff({ ...notice, reason: `Files cannot be stored or read: ${sentenceOf(err)}` });
    settled = false;
    trouble.told = true;
  };
  return {
    name: "storage-answers",
    everyMs: timings.every.storageAnswers,
    pass: async () => {
      const now = clock();
      if (wellAt !== null && Math.abs(now.getTime() - wellAt.getTime()) < restMs) return;
      const failure = await withinTime(
        limitMs,
        () => silent(limitMs),
        () => probeStore(files),
      ).then(
        () => null,
        (err: unknown) => ({ err }),
      );
      onLook(failure === null || canRead(failure.err));
      await (failure === null ? works(now) : fails(failure.err, now));
    },
  };
}

const needsSomebody = (error: unknown): boolean => error instanceof StorageError && !error.retryable;

/** Trouble in which reading is sure to fail too. */
const unreadable: readonly StorageTrouble[] = ["credentials", "clock", "bucket", "region", "unreachable"];

function canRead(error: unknown): boolean {
  if (!(error instanceof StorageError)) return true;
  return error.permission === null
    ? !unreadable.includes(error.trouble)
    : error.permission !== "s3:GetObject";
}

/** A permission by its name: one that is granted may uncover that another is missing. */
const kindOf = (error: unknown): string => {
  if (error instanceof StorageError) return error.permission ?? error.trouble;
  return String((error as NodeJS.ErrnoException | null)?.code ?? "other");
};

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const silent = (limitMs: number) =>
  new StorageError("unreachable", `The store did not answer within ${limitMs / 1000} s.`, null);
