import { pastLeaseGraceMs } from "../past-lease.ts";

/** A machine, and when it is ended with nothing of Drydock alive. */
export interface ScheduledEnd {
  machineId: string;
  instanceId: string;
  at: Date;
}

/** What ends machines at an instant told beforehand, in the provider's own hands. Every call is idempotent. */
export interface LeaseSchedules {
  /** Rejects where it could not be made: the machine has other ends, and may go on. */
  make(end: ScheduledEnd, signal?: AbortSignal): Promise<void>;
  /** It is not needed any more. One that is not there is removed already. */
  remove(machineId: string, signal?: AbortSignal): Promise<void>;
}

/** As much after the lease as a reaper waits: whoever is at work has ended the machine before. */
export function scheduledEnd(machineId: string, instanceId: string, leaseUntil: Date): ScheduledEnd {
  return { machineId, instanceId, at: new Date(leaseUntil.getTime() + pastLeaseGraceMs) };
}
