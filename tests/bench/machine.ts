import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type Docker from "dockerode";
import type { ClusterProvider } from "#grading/clusters/provider.ts";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import type { RunOrder } from "#grading/protocol/messages.ts";
import { createOneRunService } from "#grading/protocol/one-run-service.ts";
import { serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine, gatewayListen, type Uplink } from "#infra/compute/docker/uplink/uplink.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";

export const agentBundle = path.resolve("dist/agent.mjs");

export interface MachineBench {
  docker: Docker;
  provider: ClusterProvider;
  gatewayDir: string;
  uplink: Uplink;
  workDir: string;
}

/** Engine, image and a provider whose machines run `agent`, with folders of their own that are gone afterwards. */
export async function withMachines<T>(agent: string, work: (bench: MachineBench) => Promise<T>): Promise<T> {
  const workDir = await mkdtemp(path.join(os.tmpdir(), "drydock-bench-"));
  const gatewayDir = await mkdtemp(path.join(workDir, "gateway-"));
  const { docker, stop } = await ensureEngine({ install: false, onProgress: () => {} });
  try {
    const { image } = await ensureMachineImage({ docker, profile: "docker", onProgress: () => {} });
    const uplink = await chooseUplink({ docker, image, setting: loadConfig().uplink, folder: gatewayDir });
    const provider = createDockerProvider({
      docker,
      imageOf: () => image,
      agentBundle: agent,
      gatewayDir,
      uplink,
      usdPerHour: 0,
      clock: systemClock,
    });
    return await work({ docker, provider, gatewayDir, uplink, workDir });
  } finally {
    await stop();
    await rm(workDir, { recursive: true, force: true });
  }
}

/** One run served on a socket of its own in the gateway's folder; address is what the machine calls. */
export async function serveOneRun(
  bench: MachineBench,
  run: { name: string; order: RunOrder; submissionPath: string; onHeartbeat?: (phase: string) => void },
): Promise<{
  userData: { agentAddress: string; token: string; leaseUntil: string };
  reported: Promise<string>;
  close(): Promise<void>;
}> {
  const token = randomBytes(24).toString("base64url");
  let report: (outcome: string) => void = () => {};
  const reported = new Promise<string>((resolve) => {
    report = resolve;
  });
  const service = createOneRunService({
    order: run.order,
    token,
    clusterId: `bench-${run.name}`,
    submissionPath: run.submissionPath,
    hiddenPath: null,
    onEvent: () => {},
    onResult: (result) =>
      report(result.checks.every((check) => check.verdict === "passed") ? result.outcome : "failed"),
  });
  const heard: AgentService = {
    ...service,
    heartbeat: async (session, beat) => {
      run.onHeartbeat?.(beat.phase);
      return service.heartbeat(session, beat);
    },
  };
  const listen = gatewayListen(bench.uplink, path.join(bench.gatewayDir, `${run.name}.sock`), 0);
  const gateway = await serveAgentGateway(heard, listen);
  return {
    userData: {
      agentAddress: addressInMachine(gateway.address),
      token,
      leaseUntil: run.order.leaseUntil,
    },
    reported,
    close: gateway.close,
  };
}
