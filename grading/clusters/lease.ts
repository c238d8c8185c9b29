import type { FleetTimings } from "./timings.ts";

/**
 * Until when a cluster may live: the exercise's own limit plus boot and reporting. Fixed when the cluster is
 * requested; nothing extends it, so no machine can talk itself into more.
 */
export function leaseFor(
  exercise: { timeoutSeconds: number },
  timings: Pick<FleetTimings, "bootTimeoutMs" | "reportAllowanceMs">,
  now: Date,
): Date {
  const span = exercise.timeoutSeconds * 1000 + timings.bootTimeoutMs + timings.reportAllowanceMs;
  return new Date(now.getTime() + span);
}
