import type Docker from "dockerode";
import type { Instance } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import { installationFilter, type MachineTags, readMachineLabels } from "./labels.ts";

/**
 * A volume or network younger than this without its container may be half of a launch that is under way: they are
 * made first.
 */
const launchGraceMs = 60_000;

/**
 * Every container of the installation, and every volume or network that lost its container (the engine died while it
 * made or removed them, or the machine ended by itself, which leaves its network): that one is reported as a stopped
 * machine, so that whoever ends stopped machines ends it too.
 */
export async function listMachines(
  docker: Docker,
  installation: string,
  now: Date,
  signal?: AbortSignal,
): Promise<Instance[]> {
  const filters = installationFilter(installation);
  const containers = await docker.listContainers({ all: true, filters, ...abortable(signal) });
  const machines = new Map<string, Instance>();
  for (const container of containers) {
    const tags = readMachineLabels(container.Labels);
    if (!tags) continue;
    machines.set(tags.instanceId, toInstance(tags, container.State, new Date(container.Created * 1000)));
  }
  for (const { Labels: labels, createdAt } of await listRemains(docker, filters, signal)) {
    const tags = readMachineLabels(labels);
    if (!tags || machines.has(tags.instanceId)) continue;
    // Nothing is launched for a lease that is over.
    const launching = now < tags.leaseUntil && now.getTime() - createdAt.getTime() < launchGraceMs;
    if (!launching) machines.set(tags.instanceId, toInstance(tags, "remains only", createdAt));
  }
  return [...machines.values()];
}

/** What the engine may keep of a machine besides its container. */
async function listRemains(docker: Docker, filters: { label: string[] }, signal?: AbortSignal) {
  const { Volumes: volumes } = await docker.listVolumes({ filters, ...abortable(signal) });
  const networks = await docker.listNetworks({ filters, ...abortable(signal) });
  return [
    ...(volumes ?? []).map((volume) => ({
      Labels: volume.Labels,
      createdAt: new Date((volume as { CreatedAt?: string }).CreatedAt ?? 0),
    })),
    ...networks.map((network) => ({ Labels: network.Labels, createdAt: new Date(network.Created) })),
  ];
}

export function toInstance(tags: MachineTags, engineState: string, launchedAt: Date): Instance {
  return { ...tags, state: machineState(engineState), launchedAt, offering: null };
}

function machineState(engineState: string): Instance["state"] {
  if (engineState === "created") return "pending";
  // A paused machine still holds its memory and counts as there.
  if (["running", "paused", "restarting"].includes(engineState)) return "running";
  // exited, dead, removing, or remains alone: something is still there to be removed.
  return "stopped";
}
