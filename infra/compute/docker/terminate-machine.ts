import type Docker from "dockerode";
import { abortable } from "../abortable.ts";
import { labelNames, readMachineLabels } from "./labels.ts";
import { isStatus } from "./launch-errors.ts";
import { removeNetworks } from "./machine-network.ts";
import { removeContainer } from "./remove-container.ts";

/**
 * Removes the machine's container, volume and network and waits until they are gone. A container that has the name but not
 * the labels of a machine is somebody else's and stays: for us there is no such machine.
 */
export async function terminateMachine(
  docker: Docker,
  instanceId: string,
  signal?: AbortSignal,
): Promise<"gone"> {
  const container = await findMachine(docker, instanceId, signal);
  if (container) await removeContainer(container, signal);
  await removeVolumes(docker, instanceId, signal);
  await removeNetworks(docker, instanceId, signal);
  return "gone";
}

async function findMachine(
  docker: Docker,
  instanceId: string,
  signal?: AbortSignal,
): Promise<Docker.Container | null> {
  const container = docker.getContainer(instanceId);
  try {
    const found = await container.inspect(abortable(signal));
    return readMachineLabels(found.Config.Labels)?.instanceId === instanceId ? container : null;
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}

/** The volume goes with its container; one is left only where the engine died in between. */
async function removeVolumes(docker: Docker, instanceId: string, signal?: AbortSignal): Promise<void> {
  const { Volumes: volumes } = await docker.listVolumes({
    filters: { label: [labelNames.machine] },
    ...abortable(signal),
  });
  for (const volume of volumes ?? []) {
    if (readMachineLabels(volume.Labels)?.instanceId !== instanceId) continue;
    try {
      await docker.getVolume(volume.Name).remove(abortable(signal));
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }
}
