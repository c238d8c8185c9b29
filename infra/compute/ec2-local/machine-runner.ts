import type Docker from "dockerode";
import type { MachineShape } from "#grading/machines/provider.ts";
import { isStatus } from "../docker/launch-errors.ts";
import { machineInside } from "../docker/machine-container.ts";
import { removeContainer } from "../docker/remove-container.ts";
import { hostEntry } from "../docker/uplink/uplink.ts";
import {
  type MetadataState,
  metadataContainer,
  metadataIp,
  serviceFiles,
  stateFiles,
} from "./metadata-container.ts";

/** owner: whose leftovers one may remove. Written on every container, volume and network at creation. */
const labelNames = { owner: "drydock.ec2-local", instance: "drydock.ec2-local.instance" } as const;

/** What an instance of EC2 finds in its metadata: that it is interrupted, or is likelier to be. */
export type InstanceNoticeJson =
  | { action: "terminate" | "stop" | "hibernate"; time: string }
  | { noticeTime: string };

/** What an instance needs to boot as a machine of this computer's engine. */
export interface Boot {
  instanceId: string;
  /** The raw text; null: launched without. */
  userData: string | null;
  /** Of the engine, from ensureMachineImage. */
  image: string;
  shape: MachineShape;
}

export interface RunningMachine {
  instanceId: string;
  container: Docker.Container;
}

export interface MachineRunnerOptions {
  docker: Docker;
  /** One word that tells what this runner made from what another did. */
  owner: string;
  /** Told when a machine ended that nobody killed, after all of it is gone; with what it wrote to its console. */
  onPoweredOff(instanceId: string, consoleText: string): void;
  /** Told when what is left of such a machine could not be removed. */
  onError(error: unknown): void;
}

export interface MachineRunner {
  /** Resolves when the machine has started. */
  boot(what: Boot): Promise<RunningMachine>;
  /** Told by the machine's metadata service from now on. */
  notice(instanceId: string, json: InstanceNoticeJson): Promise<void>;
  /** Ends the machine as the cloud does, and waits until nothing of it is left; an unknown one is fine. */
  kill(instanceId: string): Promise<void>;
  /** Kills every machine, and removes what is left by an earlier one of the same owner. */
  close(): Promise<void>;
}

interface Running {
  machine: Docker.Container;
  metadata: Docker.Container;
  network: Docker.Network;
  state: MetadataState;
  killed: boolean;
  /** Resolves when its end was seen and everything of it is gone. */
  over: Promise<void>;
}

/**
 * Boots the local machine image as if it were an instance: it gets no file, but a network with a metadata service of
 * version 2 and hop limit 1 as its only way to its user data. The engine may be on another computer. A machine that is
 * told to call by http closes its network itself; one that calls by https has whatever the engine's bridges have, since
 * no security group is around it here.
 */
export function createMachineRunner(options: MachineRunnerOptions): MachineRunner {
  const { docker, owner } = options;
  const running = new Map<string, Running>();

  /** What is ended while it starts is waited for first. */
  const starting = new Map<string, Promise<RunningMachine>>();

  async function start({ instanceId, userData, image, shape }: Boot): Promise<RunningMachine> {
    const labels = { [labelNames.owner]: owner, [labelNames.instance]: instanceId };
    const network = await docker.createNetwork({ Name: `drydock-${owner}-${instanceId}`, Labels: labels });
    try {
      const state = { instanceId, userData, interruption: null, rebalance: null };
      const metadata = await docker.createContainer(metadataContainer(image, network.id, labels));
      await metadata.putArchive(await serviceFiles(state), { path: "/" });
      await metadata.start();
      const address = await addressOf(metadata);
      const machine = await docker.createContainer(
        machineOf(shape, { image, networkId: network.id, labels, address }),
      );
      await machine.start();
      const one: Running = { machine, metadata, network, state, killed: false, over: Promise.resolve() };
      running.set(instanceId, one);
      one.over = watch(instanceId, one);
      return { instanceId, container: machine };
    } catch (error) {
      await removeLabelled(docker, labels);
      throw error;
    }
  }

  async function watch(instanceId: string, one: Running): Promise<void> {
    try {
      await one.machine.wait();
      const consoleText = one.killed
        ? ""
        : plainText((await one.machine.logs({ stdout: true, stderr: true })) as Buffer);
      await remove(one);
      running.delete(instanceId);
      if (!one.killed) options.onPoweredOff(instanceId, consoleText);
    } catch (error) {
      options.onError(error);
    }
  }

  async function kill(instanceId: string): Promise<void> {
    // Whoever booted it is told when that failed.
    await starting.get(instanceId)?.catch(() => undefined);
    const one = running.get(instanceId);
    if (one === undefined) return;
    one.killed = true;
    await one.machine.kill().catch((error: unknown) => {
      // It has ended by itself.
      if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
    });
    await one.over;
  }

  return {
    boot(what) {
      const started = start(what).finally(() => starting.delete(what.instanceId));
      starting.set(what.instanceId, started);
      return started;
    },
    async notice(instanceId, json) {
      const one = running.get(instanceId);
      if (one === undefined) throw new Error(`There is no running machine ${instanceId}.`);
      one.state = { ...one.state, ["action" in json ? "interruption" : "rebalance"]: JSON.stringify(json) };
      await one.metadata.putArchive(stateFiles(one.state), { path: "/" });
    },
    kill,
    async close() {
      await Promise.all([...starting.keys(), ...running.keys()].map(kill));
      await removeLabelled(docker, { [labelNames.owner]: owner });
    },
  };
}

function machineOf(
  shape: MachineShape,
  {
    image,
    networkId,
    labels,
    address,
  }: { image: string; networkId: string; labels: Record<string, string>; address: string },
): Docker.ContainerCreateOptions {
  return {
    Hostname: "machine",
    Image: image,
    // The hypervisor's part: the way to the metadata service is there before anything runs.
    Cmd: ["sh", "-c", `ip route add ${metadataIp} via ${address} && exec tini -- /opt/drydock/boot/boot.sh`],
    Labels: labels,
    HostConfig: { ...machineInside(shape, labels, null), NetworkMode: networkId, ExtraHosts: [hostEntry] },
  };
}

async function addressOf(container: Docker.Container): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  const [network] = Object.values(NetworkSettings.Networks);
  if (!network?.IPAddress) throw new Error("The metadata service has no address.");
  return network.IPAddress;
}

async function remove({ machine, metadata, network }: Running): Promise<void> {
  await removeContainer(machine);
  await removeContainer(metadata);
  await network.remove();
}

/** Everything with all of these labels, whoever made it and whenever. */
async function removeLabelled(docker: Docker, labels: Record<string, string>): Promise<void> {
  const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
  for (const { Id: id } of await docker.listContainers({ all: true, filters })) {
    await removeContainer(docker.getContainer(id));
  }
  for (const { Id: id } of await docker.listNetworks({ filters })) await docker.getNetwork(id).remove();
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  for (const { Name: name } of volumes ?? []) await docker.getVolume(name).remove();
}

/** Of the engine's log: each piece stands behind eight bytes, the last four of which say how long it is. */
function plainText(log: Buffer): string {
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.toString("utf8", at + 8, end));
    at = end;
  }
  return pieces.join("");
}
