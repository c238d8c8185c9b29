import type { LaunchSpec } from "#grading/clusters/provider.ts";

/** Written on container, volume and network at creation; nothing without them is ever looked at or touched. */
export const labelNames = {
  deployment: "drydock.deployment",
  cluster: "drydock.cluster",
  lease: "drydock.lease",
} as const;

export function machineLabels(spec: LaunchSpec): Record<string, string> {
  return {
    [labelNames.deployment]: spec.deployment,
    [labelNames.cluster]: spec.clusterId,
    [labelNames.lease]: spec.userData.leaseUntil,
  };
}

/** What the labels of a container, volume or network say; null when they are not a machine's. */
export interface MachineTags {
  machineId: string;
  deployment: string;
  clusterId: string;
  leaseUntil: Date;
}

export function readMachineLabels(labels: Record<string, string> | null | undefined): MachineTags | null {
  const deployment = labels?.[labelNames.deployment];
  const clusterId = labels?.[labelNames.cluster];
  const lease = labels?.[labelNames.lease];
  if (!deployment || !clusterId || !lease) return null;
  return {
    machineId: machineIdOf(deployment, clusterId),
    deployment,
    clusterId,
    leaseUntil: new Date(lease),
  };
}

/** The container's name, and so the lock that makes a launch idempotent. */
export function machineIdOf(deployment: string, clusterId: string): string {
  return `drydock-${deployment}-${clusterId}`;
}

/** The engine's filter for list calls. */
export function deploymentFilter(deployment: string): { label: string[] } {
  return { label: [`${labelNames.deployment}=${deployment}`] };
}
