import type Docker from "dockerode";
import type { Machine } from "#grading/clusters/provider.ts";
import { deploymentFilter, type MachineTags, readMachineLabels } from "./labels.ts";

/**
 * A volume younger than this without its container may be half of a launch that is under way: the engine makes the
 * volume first, in the same call.
 */
const volumeGraceMs = 60_000;

/**
 * Every container of the deployment, and every volume that lost its container (the engine died while it made or
 * removed them): that one is reported as a stopped machine, so that whoever ends stopped machines ends it too.
 */
export async function listMachines(docker: Docker, deployment: string, now: Date): Promise<Machine[]> {
  const filters = deploymentFilter(deployment);
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  const machines = new Map<string, Machine>();
  for (const container of containers) {
    const tags = readMachineLabels(container.Labels);
    if (!tags) continue;
    machines.set(tags.machineId, toMachine(tags, container.State, new Date(container.Created * 1000)));
  }
  for (const volume of volumes ?? []) {
    const tags = readMachineLabels(volume.Labels);
    if (!tags || machines.has(tags.machineId)) continue;
    const createdAt = new Date((volume as { CreatedAt?: string }).CreatedAt ?? 0);
    if (now.getTime() - createdAt.getTime() < volumeGraceMs) continue;
    machines.set(tags.machineId, toMachine(tags, "volume only", createdAt));
  }
  return [...machines.values()];
}

export function toMachine(tags: MachineTags, engineState: string, launchedAt: Date): Machine {
  return { ...tags, state: machineState(engineState), launchedAt };
}

function machineState(engineState: string): Machine["state"] {
  if (engineState === "created") return "pending";
  // A paused machine still holds its memory and counts as there.
  if (["running", "paused", "restarting"].includes(engineState)) return "running";
  // exited, dead, removing, or a volume alone: something is still there to be removed.
  return "stopped";
}
