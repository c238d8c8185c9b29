import type { Clock } from "#course/clock.ts";
import type { StaffAct } from "./rerun-run.ts";

export type CancelOutcome =
  | { outcome: "cancelled" }
  | { outcome: "refused"; code: "no-such-run" | "already-ended"; message: string };

/** Said on pages; the refusal itself also says how the run ended. */
export const endedAlready =
  "The run had ended, or had its result already, before it could be cancelled; this page shows how.";

export interface CancelPorts {
  store: {
    /** One transaction: the run is cancelled, its machine drained, the audit says who and why. */
    cancel(act: StaffAct, now: Date): Promise<CancelOutcome>;
  };
  clock: Clock;
}

/** Ends an unfinished run without a result. Its machine is told at the next heartbeat and ended by the worker. */
export function cancelRun(ports: CancelPorts, act: StaffAct): Promise<CancelOutcome> {
  return ports.store.cancel(act, ports.clock());
}
