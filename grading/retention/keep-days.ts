import { dayMs } from "#course/clock.ts";

/** How many days things are kept; what is not named here is kept for ever. */
export interface KeepDays {
  /** The log lines of a run, from its end. */
  logs: number;
  /** Of a run that does not count any more; never more than `logs`. */
  uncountedLogs: number;
  /** Refused uploads, from their reception. */
  refusals: number;
  /** Notices, from when they were closed. */
  notices: number;
}

/** A term and the time in which a grade is disputed after it; what does not count is looked at for some weeks. */
export const defaultKeepDays: KeepDays = { logs: 180, uncountedLogs: 30, refusals: 180, notices: 180 };

/** From its end, of a run that counts or does not. */
export function logDays(keep: KeepDays, counts: boolean): number {
  return counts ? keep.logs : Math.min(keep.uncountedLogs, keep.logs);
}

/** What is older than this many days. */
export function keptSince(days: number, now: Date): Date {
  return new Date(now.getTime() - days * dayMs);
}
