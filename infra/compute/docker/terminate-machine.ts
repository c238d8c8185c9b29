import type Docker from "dockerode";
import { labelNames, readMachineLabels } from "./labels.ts";
import { isStatus } from "./launch-errors.ts";
import { removeNetworks } from "./machine-network.ts";
import { removeContainer } from "./remove-container.ts";

/**
 * Removes the machine's container, volume and network and waits until they are gone. A container that has the name but not
 * the labels of a machine is somebody else's and stays: for us there is no such machine.
 */
export async function terminateMachine(docker: Docker, machineId: string): Promise<void> {
  const container = await findMachine(docker, machineId);
  if (container) await removeContainer(container);
  await removeVolumes(docker, machineId);
  await removeNetworks(docker, machineId);
}

async function findMachine(docker: Docker, machineId: string): Promise<Docker.Container | null> {
  const container = docker.getContainer(machineId);
  try {
    const found = await container.inspect();
    return readMachineLabels(found.Config.Labels)?.machineId === machineId ? container : null;
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}

/** The volume goes with its container; one is left only where the engine died in between. */
async function removeVolumes(docker: Docker, machineId: string): Promise<void> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [labelNames.cluster] } });
  for (const volume of volumes ?? []) {
    if (readMachineLabels(volume.Labels)?.machineId !== machineId) continue;
    try {
      await docker.getVolume(volume.Name).remove();
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }
}
