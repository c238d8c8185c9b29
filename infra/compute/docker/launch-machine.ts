import type Docker from "dockerode";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { type Instance, LaunchError, type LaunchSpec } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import { instanceIdOf, readMachineLabels } from "./labels.ts";
import { isStatus, toLaunchError } from "./launch-errors.ts";
import { toInstance } from "./list-machines.ts";
import { machineContainer, machineFiles } from "./machine-container.ts";
import { makeNetwork, removeNetworks } from "./machine-network.ts";
import type { Uplink } from "./uplink/uplink.ts";

interface LaunchOptions {
  docker: Docker;
  imageOf(machineKind: MachineKind): string;
  onImageGone?(machineKind: MachineKind, image: string): void;
  agentBundle: string;
  gatewayDir: string;
  uplink: Uplink;
  runtime: string | null;
}

/**
 * Creates, fills and starts the machine's container. A container of that name that exists already is the same
 * machine's: it is taken as it is when it has run, and completed when an earlier launch died half-way.
 * Throws LaunchError.
 */
export async function launchMachine(
  options: LaunchOptions,
  spec: LaunchSpec,
  signal?: AbortSignal,
): Promise<Instance> {
  const what = `The machine ${spec.machineId} was not launched`;
  try {
    const container = await createOrFind(options, spec, signal);
    const found = await there(container.inspect(abortable(signal)), what);
    const tags = readMachineLabels(found.Config.Labels);
    if (!tags || tags.machineId !== spec.machineId || tags.installation !== spec.installation) {
      throw new LaunchError(
        "misconfigured",
        `${what}: a container named ${instanceIdOf(spec.installation, spec.machineId)} exists and is not Drydock's. Rename or remove it.`,
      );
    }
    if (found.State.Status === "created") {
      const files = await machineFiles(spec, options.agentBundle);
      await there(container.putArchive(files, { path: "/", ...abortable(signal) }), what);
      await start(container, signal);
    }
    const state = found.State.Status === "created" ? "running" : found.State.Status;
    // Whole seconds, as the engine lists them: the two must name the same instant.
    const createdAt = Math.floor(Date.parse(found.Created) / 1000);
    return toInstance(tags, state, new Date(createdAt * 1000));
  } catch (error) {
    throw toLaunchError(error, what);
  }
}

/** A name that is taken and names nothing: the engine is still making the container, or is removing it. */
async function there<Answer>(answer: Promise<Answer>, what: string): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    if (!isStatus(cause, 404)) throw cause;
    throw new LaunchError("throttled", `${what}: the engine is still at work on it.`, { cause });
  }
}

async function createOrFind(
  options: LaunchOptions,
  spec: LaunchSpec,
  signal?: AbortSignal,
): Promise<Docker.Container> {
  const { docker, uplink } = options;
  const instanceId = instanceIdOf(spec.installation, spec.machineId);
  const image = options.imageOf(spec.shape.kind);
  const network = uplink.kind === "tcp" ? await makeNetwork(docker, spec, signal) : null;
  try {
    const networkId = network?.id ?? null;
    return await docker.createContainer({
      ...machineContainer(spec, { ...options, image, networkId }),
      ...abortable(signal),
    });
  } catch (error) {
    if (isStatus(error, 409)) return docker.getContainer(instanceId);
    // What was there before belongs to whoever made it.
    if (network?.made) await removeNetworks(docker, instanceId);
    // Creating a container has no other use for it; asking makes sure.
    if (options.onImageGone && isStatus(error, 404) && !(await isThere(docker, image))) {
      options.onImageGone(spec.shape.kind, image);
      throw new LaunchError("insufficient-capacity", `The image ${image} was removed; it is made again.`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function isThere(docker: Docker, image: string): Promise<boolean> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      (error: unknown) => !isStatus(error, 404),
    );
}

async function start(container: Docker.Container, signal?: AbortSignal): Promise<void> {
  try {
    await container.start(abortable(signal));
  } catch (error) {
    // 304: another process that completes the same launch was faster.
    if (!isStatus(error, 304)) throw error;
  }
}
