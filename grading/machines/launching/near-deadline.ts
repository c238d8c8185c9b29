import type { FleetTimings } from "../timings.ts";

/** A queued run, as far as its market depends on it. */
export interface WaitingForMarket {
  /** Of its submission; null where nothing is due. */
  dueAt: Date | null;
  /** Since when it waits. */
  queuedAt: Date;
}

/**
 * Whether its student may get no result before the deadline when it waits on for what costs less: a lack that has lasted
 * for a while lasts as long again, as likely as not, and a machine has still to start and to grade. After the deadline
 * nobody can hand in again by the result, so it waits. Pure.
 */
export function isNearDeadline(
  { dueAt, queuedAt }: WaitingForMarket,
  { gradedWithinMs }: Pick<FleetTimings, "gradedWithinMs">,
  now: Date,
): boolean {
  if (dueAt === null || now >= dueAt) return false;
  // A clock that was set back has made nobody wait.
  const waitedMs = Math.max(0, now.getTime() - queuedAt.getTime());
  return now.getTime() + waitedMs + gradedWithinMs > dueAt.getTime();
}
