import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type Docker from "dockerode";
import { newId } from "#course/ids.ts";
import { type MachineKind, sizeOf } from "#grading/machines/machine-kind.ts";
import { poolKind } from "#grading/machines/plan-pool.ts";
import type {
  Instance,
  LaunchSpec,
  MachineProvider,
  MachineShape,
  UserData,
} from "#grading/machines/provider.ts";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import type { RunOrder, RunResult, SequencedEvent } from "#grading/protocol/messages.ts";
import { createOneRunService } from "#grading/protocol/one-run-service.ts";
import { serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine, gatewayListen, type Uplink } from "#infra/compute/docker/uplink/uplink.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { ensureAgentBundle } from "../../bin/cli/agent-bundle.ts";
import { interrupted, unlessInterrupted } from "./interrupt.ts";

export interface MachineBench {
  docker: Docker;
  /** With the limits that a machine has where nothing is configured. */
  shape: MachineShape;
  /** Of this bench alone: all machines of it are ended afterwards. */
  installation: string;
  agentBundle: string;
  gatewayDir: string;
  uplink: Uplink;
  workDir: string;
  /** A provider whose machines find the agent's socket in `gatewayDir`. */
  providerFor(gatewayDir: string): MachineProvider;
  launch(name: string, userData: UserData): Promise<Instance>;
  terminate(machine: Instance): Promise<unknown>;
}

/**
 * Engine, image and machines that run the agent, or another in its place, with folders of their own. All of it is gone
 * afterwards, also when the work fails or is interrupted.
 */
export async function withMachines<T>(
  needs: { machineKind: MachineKind; agent?: string },
  work: (bench: MachineBench) => Promise<T>,
): Promise<T> {
  const { docker, stop } = await ensureEngine({ install: false, onProgress: () => {} });
  const workDir = await mkdtemp(path.join(os.tmpdir(), "drydock-bench-"));
  const installation = newId("ins", systemClock());
  const launches = new Set<Promise<Instance>>();
  let provider: MachineProvider | null = null;
  try {
    const gatewayDir = await mkdtemp(path.join(workDir, "gateway-"));
    const { image } = await ensureMachineImage({
      docker,
      machineKind: needs.machineKind,
      onProgress: ({ step, line }) => line === undefined && process.stderr.write(`  ${step}\n`),
      signal: interrupted,
    });
    const uplink = await chooseUplink({ docker, image, setting: loadConfig().uplink, folder: gatewayDir });
    const agentBundle = needs.agent ?? (await ensureAgentBundle());
    const shape = { kind: needs.machineKind, ...sizeOf(needs.machineKind, loadConfig({}).machineSizes) };
    const providerFor = (folder: string) =>
      noting(
        launches,
        createDockerProvider({
          docker,
          imageOf: () => image,
          agentBundle,
          gatewayDir: folder,
          uplink,
          runtime: null,
          usdPerHour: 0,
          clock: systemClock,
        }),
      );
    const own = providerFor(gatewayDir);
    provider = own;
    const bench: MachineBench = {
      docker,
      shape,
      installation,
      agentBundle,
      gatewayDir,
      uplink,
      workDir,
      providerFor,
      launch: (name, userData) => own.launch({ installation, machineId: name, shape, userData }),
      terminate: ({ instanceId }) => own.terminate(instanceId),
    };
    return await unlessInterrupted(work(bench));
  } finally {
    if (provider) await endMachines(provider, installation, launches);
    await stop();
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Notes every launch, and makes none once the bench is interrupted. */
function noting(launches: Set<Promise<Instance>>, provider: MachineProvider): MachineProvider {
  return {
    ...provider,
    async launch(spec: LaunchSpec) {
      interrupted.throwIfAborted();
      const launch = provider.launch(spec);
      launches.add(launch);
      return launch;
    },
  };
}

async function endMachines(
  provider: MachineProvider,
  installation: string,
  launches: Set<Promise<Instance>>,
): Promise<void> {
  // One that is under way would be listed only once it is there.
  await Promise.allSettled(launches);
  for (const { instanceId } of await provider.list(installation)) await provider.terminate(instanceId);
}

export interface OneRunServed {
  userData: UserData;
  result: Promise<RunResult>;
  close(): Promise<void>;
}

/** One run served on a socket of its own in the gateway's folder. */
export async function serveOneRun(
  bench: MachineBench,
  run: {
    name: string;
    order: RunOrder;
    submissionPath: string;
    onHeartbeat?: (phase: string) => void;
    onEvent?: (event: SequencedEvent) => void;
    /** The agent waits for the submission until then: the machine has begun, no check has. */
    submissionAfter?: Promise<void>;
    /** The machine warms up first, and has no run until taken says so. */
    pool?: { nodes: number; onWarm: () => void; taken: () => boolean };
  },
): Promise<OneRunServed> {
  const token = randomBytes(24).toString("base64url");
  let report: (result: RunResult) => void = () => {};
  const result = new Promise<RunResult>((resolve) => {
    report = resolve;
  });
  const service = createOneRunService({
    order: run.order,
    token,
    machineId: `bench-${run.name}`,
    submissionPath: run.submissionPath,
    hiddenPath: null,
    onEvent: (event) => run.onEvent?.(event),
    onResult: report,
  });
  const heard: AgentService = {
    ...service,
    openSession: async (given) => {
      const grant = await service.openSession(given);
      return run.pool ? { ...grant, warmUp: { machineKind: poolKind, nodes: run.pool.nodes } } : grant;
    },
    reportWarm: async () => {
      run.pool?.onWarm();
      return {};
    },
    nextRun: async (session) => (run.pool && !run.pool.taken() ? null : service.nextRun(session)),
    heartbeat: async (session, beat) => {
      run.onHeartbeat?.(beat.phase);
      return service.heartbeat(session, beat);
    },
    submissionBytes: async (session) => {
      if (run.submissionAfter) await orHeldBack(run.submissionAfter);
      return service.submissionBytes(session);
    },
  };
  const listen = gatewayListen(bench.uplink, path.join(bench.gatewayDir, `${run.name}.sock`), 0);
  const gateway = await serveAgentGateway(heard, listen, (error) => {
    if (!(error instanceof HeldBack)) console.error(error);
  });
  const userData = {
    agentAddress: addressInMachine(gateway.address),
    token,
    leaseUntil: run.order.leaseUntil,
  };
  return { userData, result, close: gateway.close };
}

class HeldBack extends Error {
  override readonly name = "HeldBack";
}

/** Shorter than the silence that the agent bears on a connection: it asks again. */
const heldMs = 20_000;

async function orHeldBack(until: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HeldBack("The bench holds the submission back.")), heldMs);
  });
  try {
    await Promise.race([until, late]);
  } finally {
    clearTimeout(timer);
  }
}
