import type { Clock } from "#course/clock.ts";
import type { StaffAct } from "./rerun-run.ts";

export type CancelOutcome =
  | { outcome: "cancelled" }
  | { outcome: "refused"; code: "no-such-run" | keyof typeof cancelRefusals; message: string };

export interface CancelAct extends StaffAct {
  /** In which role of the run's course; a student is the one who handed the work in. */
  as: "student" | "staff";
}

/** Said on pages; the refusal itself also says how the run stands. */
export const cancelRefusals = {
  "already-ended":
    "The run had ended, or had its result already, before it could be cancelled; this page shows how.",
  "begun-already":
    "The run had left the queue before it could be cancelled, and only one that waits may be cancelled by its student. It is graded as usual.",
  "queued-by-staff": "Staff asked for this run, so only they may cancel it: ask the staff of your course.",
} as const;

export interface CancelPorts {
  store: {
    /** One transaction: the run is cancelled, its machine drained, the audit says who and why. */
    cancel(act: CancelAct, now: Date): Promise<CancelOutcome>;
  };
  clock: Clock;
}

/**
 * Ends an unfinished run without a result: staff any, its student one that waits, which they may run again. Its machine is told at the next heartbeat and ended by the worker.
 */
export function cancelRun(ports: CancelPorts, act: CancelAct): Promise<CancelOutcome> {
  return ports.store.cancel(act, ports.clock());
}
