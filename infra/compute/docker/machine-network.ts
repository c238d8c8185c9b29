import type Docker from "dockerode";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import { instanceIdOf, labelNames, machineLabels, readMachineLabels } from "./labels.ts";
import { isStatus } from "./launch-errors.ts";

/**
 * The network of a machine that calls Drydock by TCP: one machine a network, so that the engine keeps them apart.
 * made: false when it was there already, from an earlier launch of the same machine.
 */
export async function makeNetwork(
  docker: Docker,
  spec: LaunchSpec,
  signal?: AbortSignal,
): Promise<{ id: string; made: boolean }> {
  const name = instanceIdOf(spec.installation, spec.machineId);
  try {
    const network = await docker.createNetwork({
      Name: name,
      ...abortable(signal),
      // Older engines allow two networks of one name unless asked not to.
      CheckDuplicate: true,
      Driver: "bridge",
      Labels: machineLabels(spec),
      Options: { "com.docker.network.bridge.enable_icc": "false" },
    });
    return { id: network.id, made: true };
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
    const { Id: id } = await docker.getNetwork(name).inspect();
    return { id, made: false };
  }
}

/** Removes every network with the machine's labels; the engine leaves them when a machine ends. */
export async function removeNetworks(
  docker: Docker,
  instanceId: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const network of await docker.listNetworks({
    filters: { label: [labelNames.machine] },
    ...abortable(signal),
  })) {
    if (readMachineLabels(network.Labels)?.instanceId !== instanceId) continue;
    try {
      await docker.getNetwork(network.Id).remove(abortable(signal));
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }
}
