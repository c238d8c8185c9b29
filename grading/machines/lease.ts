import { type MachineKind, startSeconds } from "./machine-kind.ts";
import type { FleetTimings } from "./timings.ts";

/**
 * Until when a machine may live: the exercise's own limit plus boot, the start of what the machine has, and reporting.
 * Fixed when the machine is requested: it moves with jumps of the clock, and is shorter for a machine of the pool once a
 * run has taken it. No machine can talk itself into more.
 */
export function leaseFor(
  { timeoutSeconds, machineKind }: { timeoutSeconds: number; machineKind: MachineKind },
  timings: Pick<FleetTimings, "bootTimeoutMs" | "reportAllowanceMs">,
  now: Date,
): Date {
  const span =
    timings.bootTimeoutMs + (startSeconds(machineKind) + timeoutSeconds) * 1000 + timings.reportAllowanceMs;
  return new Date(now.getTime() + span);
}
