import type Docker from "dockerode";
import type { Clock } from "#course/clock.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";
import { shareLaunches } from "../share-launches.ts";
import { launchMachine } from "./launch-machine.ts";
import { listMachines } from "./list-machines.ts";
import { terminateMachine } from "./terminate-machine.ts";
import type { Uplink } from "./uplink/uplink.ts";

export interface DockerProviderOptions {
  docker: Docker;
  /** From ensureMachineImage; only asked for kinds whose image is there. */
  imageOf(machineKind: MachineKind): string;
  /** The engine said that it does not have the image that was asked of it. */
  onImageGone?(machineKind: MachineKind, image: string): void;
  /** The agent as one file; copied into each machine. */
  agentBundle: string;
  /** Folder of the agent gateway's socket on the engine's own computer; machines that call by it see it read-only. */
  gatewayDir: string;
  /** From chooseUplink. */
  uplink: Uplink;
  /** The engine's name of the runtime that machines run in; null: its default one. */
  runtime: string | null;
  /** What an hour of a machine is booked at. */
  usdPerHour: number;
  clock: Clock;
}

/**
 * Makes machines of containers that hold a Docker engine of their own. A machine is one container and one volume that
 * the engine makes and removes as one, and a network of its own where it calls by TCP, so a crash at any moment leaves
 * at most something that `list` reports.
 * docs/security.md says what such a machine isolates.
 */
export function createDockerProvider(options: DockerProviderOptions): MachineProvider {
  const { docker } = options;
  return {
    name: "docker",
    // Between processes the container's name settles it.
    launch: shareLaunches((spec, signal) => launchMachine(options, spec, signal)),
    list: (installation, signal) => listMachines(docker, installation, options.clock(), signal),
    terminate: (instanceId, signal) => terminateMachine(docker, instanceId, signal),
    priceOf: async () => options.usdPerHour,
  };
}
