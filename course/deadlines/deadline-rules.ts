import type { DeadlineRules } from "./effective-deadline.ts";
import { type LatePolicy, storedLatePolicy } from "./late-policy.ts";

/** An assignment's dates as they are kept. */
export interface StoredDates {
  releasedAt: Date | null;
  dueAt: Date | null;
  availableUntil: Date | null;
  /** As the course's file says. */
  graceSeconds: number;
  /** As staff set it, over the file; null when they did not. */
  staffGraceSeconds: number | null;
  /** JSON of a LatePolicy. */
  latePolicy: unknown;
}

/** The rules that stored dates mean; the one place where staff's grace goes before the file's. */
export function deadlineRules(stored: StoredDates): DeadlineRules {
  const { releasedAt, dueAt, availableUntil, graceSeconds, staffGraceSeconds } = stored;
  return {
    ...{ releasedAt, dueAt, availableUntil },
    graceSeconds: staffGraceSeconds ?? graceSeconds,
    latePolicy: readLatePolicy(stored.latePolicy),
  };
}

function readLatePolicy(json: unknown): LatePolicy {
  const policy = storedLatePolicy.read(json);
  return policy.outcome === "read" ? policy.value : { kind: "unreadable" };
}
