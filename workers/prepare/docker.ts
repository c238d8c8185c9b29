import { mkdir } from "node:fs/promises";
import path from "node:path";
import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import { type MachineKind, plainKinds } from "#grading/machines/machine-kind.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { keptPort } from "#infra/agent-gateway/kept-port.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine, gatewayListen, type Uplink } from "#infra/compute/docker/uplink/uplink.ts";
import type { Config } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { describeMachineImage, ensureMachineImage, findMachineImage } from "#infra/machine/ensure-image.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { createImageMaker } from "../make-images.ts";
import { agentBundle, type PreparedFleet } from "../prepared-fleet.ts";

/** What a unix socket's address may hold on Linux and macOS, without the terminating zero. */
const longestSocketPath = 103;
/** Machines of this computer's Docker engine; makes the engine's image first where it is not there. */
export async function prepareDocker(config: Config, log: Log): Promise<PreparedFleet> {
  if (config.gateway !== null) {
    log.warn(
      "DRYDOCK_GATEWAY_LISTEN is not opened: machines of this computer's engine call by DRYDOCK_UPLINK.",
    );
  }
  const socketPath = await prepareGatewayFolder(config);
  const gatewayDir = path.dirname(socketPath);
  const { docker } = await ensureEngine({ install: false, onProgress: logSteps(log, "Docker engine") });
  const [plain = "", ...others] = plainKinds();
  // Machines that grade wait for the gateway to open again: an engine that hangs must not keep it closed.
  const { describe, make } = defaultTimings.imageLimitMs;
  const onProgress = logSteps(log, "Machine image");
  const { image } = await limited("finding or making the machine's image", make, (signal) =>
    ensureMachineImage({ docker, machineKind: plain, onProgress, signal }),
  );
  const there = new Map<MachineKind, string>([[plain, image]]);
  for (const machineKind of others) {
    const found = await limited(`finding the image for ${machineKind}`, describe, () =>
      findMachineImage(docker, machineKind),
    );
    if (found !== null) there.set(machineKind, found);
  }
  const images = createImageMaker({
    there,
    make: async (machineKind, onProgress, signal) =>
      (await ensureMachineImage({ docker, machineKind, onProgress, signal })).image,
    timings: defaultTimings,
    clock: systemClock,
    log,
  });
  const uplink = await limited("choosing the way from machines", 2 * describe, () =>
    chooseUplink({ docker, image, setting: config.uplink, folder: gatewayDir }),
  );
  log.info({ uplink: uplink.kind }, "Way from machines to Drydock");
  const provider = createDockerProvider({
    docker,
    imageOf: images.imageOf,
    onImageGone: images.gone,
    agentBundle,
    gatewayDir,
    uplink,
    runtime: config.machineRuntime,
    usdPerHour: config.machineUsdPerHour,
    clock: systemClock,
  });
  return {
    ...{ provider, images, addressInMachine },
    agedImages: agedImages(docker, config, log),
    gatewayListen: gatewayListen(uplink, socketPath, await gatewayPort(config, uplink)),
  };
}

async function prepareGatewayFolder(config: Config): Promise<string> {
  const folder = path.join(config.dataDir, "gateway");
  const socketPath = path.join(folder, "agent.sock");
  if (Buffer.byteLength(socketPath) > longestSocketPath) {
    throw new AppError({
      code: "data-dir-too-long",
      userMessage: `The socket ${socketPath} has a longer path than the system allows (${longestSocketPath} bytes): set DRYDOCK_DATA_DIR to a shorter folder.`,
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return socketPath;
}

/** Machines that run call the port that they were launched with, so the next worker takes the same. */
async function gatewayPort(config: Config, uplink: Uplink): Promise<number> {
  if (uplink.kind === "socket") return 0;
  return keptPort(path.join(config.dataDir, "gateway-port"), uplink.host);
}

function agedImages(docker: Docker, config: Config, log: Log): NonNullable<PreparedFleet["agedImages"]> {
  const stopping = new AbortController();
  return {
    days: config.imageDays,
    signal: stopping.signal,
    stop: () => stopping.abort(),
    describe: (machineKind) => describeMachineImage(docker, machineKind),
    renew: async (machineKind, notBefore, signal) => {
      const onProgress = logSteps(log, "Machine image made anew");
      await ensureMachineImage({ docker, machineKind, notBefore, onProgress, signal });
    },
  };
}

/** One line a step; the many lines of a step's own output only for whoever asks for them. */
function logSteps(log: Log, what: string) {
  let last = "";
  return ({ step, line }: { step: string; line?: string }) => {
    if (step !== last) log.info({ step }, what);
    else if (line !== undefined) log.debug({ step, line }, what);
    last = step;
  };
}
