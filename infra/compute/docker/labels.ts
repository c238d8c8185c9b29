import type { LaunchSpec } from "#grading/machines/provider.ts";

/** Written on container, volume and network at creation; nothing without them is ever looked at or touched. */
export const labelNames = {
  /** By which a Drydock knows its own; two on one engine have two. */
  installation: "drydock.installation",
  /** The machine's id. The label keeps the name it had at first, so that an upgrade knows the machines of before. */
  machine: "drydock.cluster",
  lease: "drydock.lease",
  /** For people who look at the engine; never a filter. */
  deployment: "drydock.deployment",
} as const;

export function machineLabels(spec: LaunchSpec): Record<string, string> {
  return {
    [labelNames.installation]: spec.installation,
    [labelNames.machine]: spec.machineId,
    [labelNames.lease]: spec.userData.leaseUntil,
    ...(spec.deployment === undefined ? {} : { [labelNames.deployment]: spec.deployment }),
  };
}

/** What the labels of a container, volume or network say; null when they are not a machine's. */
export interface MachineTags {
  instanceId: string;
  /** Of a machine from before installations had ids: the deployment's name, which no installation has. */
  installation: string;
  machineId: string;
  leaseUntil: Date;
}

/**
 * A machine from before installations had ids is known by its deployment, so that a row that names it can still end
 * it; it is in nobody's list, since two may have one deployment. Can go with the next version: such a machine does not
 * outlive its lease.
 */
export function readMachineLabels(labels: Record<string, string> | null | undefined): MachineTags | null {
  const installation = labels?.[labelNames.installation] ?? labels?.[labelNames.deployment];
  const machineId = labels?.[labelNames.machine];
  const lease = labels?.[labelNames.lease];
  if (!installation || !machineId || !lease) return null;
  return {
    instanceId: instanceIdOf(installation, machineId),
    installation,
    machineId,
    leaseUntil: new Date(lease),
  };
}

/** The container's name, and so the lock that makes a launch idempotent. */
export function instanceIdOf(installation: string, machineId: string): string {
  return `drydock-${installation}-${machineId}`;
}

/** The engine's filter for list calls. */
export function installationFilter(installation: string): { label: string[] } {
  return { label: [`${labelNames.installation}=${installation}`] };
}
