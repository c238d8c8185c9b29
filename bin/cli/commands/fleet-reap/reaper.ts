import type { Reaped } from "#grading/machines/past-lease.ts";

/** Ends what is past its lease where one kind of machines is made. */
export interface Reaper {
  reap(installation: string, now: Date, options: { dryRun: boolean; signal: AbortSignal }): Promise<Reaped>;
  close(): void;
}
