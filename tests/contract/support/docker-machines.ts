import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import type Docker from "dockerode";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import type { Instance, LaunchSpec, MachineProvider } from "#grading/machines/provider.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { execLines } from "#infra/machine/engine/engine-lines.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { type AgentCall, type StandInGateway, startStandInGateway } from "./stand-in-gateway.ts";

export interface DockerMachines {
  docker: Docker;
  image: string;
  installation: string;
  gateway: StandInGateway;
  provider: MachineProvider;
  options: Parameters<typeof createDockerProvider>[0];
  /** A launch with a token of its own. */
  spec(machineId: string, leaseSeconds?: number): LaunchSpec;
  /** Launches a machine and waits for the first word of the agent in it. */
  boot(machineId: string, leaseSeconds?: number): Promise<BootedMachine>;
  /** Containers, volumes and networks with any of the installation's labels. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

export interface BootedMachine {
  machine: Instance;
  spec: LaunchSpec;
  first: AgentCall;
  /** Runs a script as the machine's root; its output, both streams, and how it ended. */
  sh(script: string): Promise<{ status: number; output: string }>;
}

/** The real provider on the real engine, with the stand-in agent and an installation of its own. */
export async function startDockerMachines(
  setting: "socket" | "tcp" = "socket",
  machineKind: MachineKind = "engine",
): Promise<DockerMachines> {
  const engine = await ensureEngine({ install: false, onProgress: () => {} });
  const { docker } = engine;
  const { image } = await ensureMachineImage({ docker, machineKind, onProgress: () => {} });
  const uplink = await chooseUplink({ docker, image, setting, folder: tmpdir() });
  const gateway = await startStandInGateway(uplink);
  const installation = `test-${randomBytes(4).toString("hex")}`;
  const options = {
    docker,
    imageOf: () => image,
    agentBundle: path.join(import.meta.dirname, "stand-in-agent.mjs"),
    gatewayDir: gateway.dir,
    uplink,
    runtime: null,
    usdPerHour: 0.0326,
    clock: systemClock,
  };
  const leftovers = async () => {
    const filters = { label: [`drydock.installation=${installation}`] };
    const containers = await docker.listContainers({ all: true, filters });
    const { Volumes: volumes } = await docker.listVolumes({ filters });
    const networks = await docker.listNetworks({ filters });
    return [
      ...containers.map((c) => c.Names.join()),
      ...(volumes ?? []).map((v) => `volume ${v.Name}`),
      ...networks.map((n) => `network ${n.Name}`),
    ];
  };
  const provider = createDockerProvider(options);
  const specOf = (machineId: string, leaseSeconds = 600): LaunchSpec => ({
    installation,
    machineId,
    shape: { kind: machineKind, cpus: 1, memoryMiB: 1024 },
    userData: {
      agentAddress: gateway.address,
      token: randomBytes(16).toString("hex"),
      leaseUntil: new Date(Date.now() + leaseSeconds * 1000).toISOString(),
    },
  });
  return {
    docker,
    image,
    installation,
    gateway,
    provider,
    options,
    spec: specOf,
    async boot(machineId, leaseSeconds) {
      const spec = specOf(machineId, leaseSeconds);
      const called = gateway.nextCall(spec.userData.token);
      const machine = await provider.launch(spec);
      const first = await called;
      return { machine, spec, first, sh: (script) => shell(docker, machine.instanceId, script) };
    },
    leftovers,
    async close() {
      for (const machine of await provider.list(installation)) await provider.terminate(machine.instanceId);
      await gateway.close();
      await engine.stop();
    },
  };
}

async function shell(docker: Docker, instanceId: string, script: string) {
  const lines: string[] = [];
  const status = await execLines({
    docker,
    container: docker.getContainer(instanceId),
    command: ["bash", "-c", script],
    env: [],
    onLine: (line) => lines.push(line),
  });
  return { status, output: lines.join("\n") };
}

/** The engine's own word, in real time: resolves when the machine's container is gone, now or before. */
export async function untilRemoved(docker: Docker, instanceId: string): Promise<void> {
  try {
    await docker.getContainer(instanceId).wait({ condition: "removed" });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
