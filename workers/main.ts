import { mkdir } from "node:fs/promises";
import path from "node:path";
import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import { type MachineKind, plainKinds } from "#grading/machines/machine-kind.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { keptPort } from "#infra/agent-gateway/kept-port.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine, gatewayListen, type Uplink } from "#infra/compute/docker/uplink/uplink.ts";
import { type Config, ConfigError, loadConfig } from "#infra/config/config.ts";
import { createDb, workerLimits } from "#infra/db/connection/client.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { describeMachineImage, ensureMachineImage, findMachineImage } from "#infra/machine/ensure-image.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { createLogger, type Log } from "#infra/telemetry/logger.ts";
import { createImageMaker } from "./make-images.ts";
import type { AgedImages } from "./reconcilers/image-age.ts";
import { startWorker } from "./start-worker.ts";

/** What a unix socket's address may hold on Linux and macOS, without the terminating zero. */
const longestSocketPath = 103;
/** What is under way when a stop is asked for gets this long; the next start finds the rest. */
const stopWithinMs = 8_000;

async function main(config: Config, log: Log): Promise<void> {
  if (config.gateway !== null) {
    log.warn(
      "DRYDOCK_GATEWAY_LISTEN is not opened: machines of this computer's engine call by DRYDOCK_UPLINK.",
    );
  }
  const socketPath = await prepareGatewayFolder(config);
  const { provider, images, agedImages, uplink } = await prepareProvider(
    config,
    log,
    path.dirname(socketPath),
  );
  const databaseUrl = config.databaseUrl ?? (await embeddedDatabase(config));
  const db = createDb(databaseUrl, { connections: 5, limits: workerLimits });
  const worker = await startWorker({
    config,
    db,
    databaseUrl,
    provider,
    images,
    agedImages,
    files: await openFileStore(config),
    clock: systemClock,
    monotonic: systemMonotonic,
    log,
    gatewayListen: gatewayListen(uplink, socketPath, await gatewayPort(config, uplink)),
    addressInMachine,
  });
  // Until here a signal ends the process at once, which loses nothing: no job was taken.
  const stopAsked = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
  log.info({ fleetMax: config.fleetMax, provider: provider.name }, "ready");
  log.info(
    { signal: await stopAsked },
    "Stopping: no more jobs are taken, running machines are left as they are.",
  );
  setTimeout(() => {
    log.warn("What is under way did not end in time; the next start goes on with it.");
    process.exit(1);
  }, stopWithinMs).unref();
  agedImages.stop();
  await Promise.all([worker.close(), images.stop()]);
  await db.$disconnect();
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

async function prepareProvider(config: Config, log: Log, gatewayDir: string) {
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
    // The same folder seen from the source (workers/) and from the bundle (dist/).
    agentBundle: path.resolve(import.meta.dirname, "../dist/agent.mjs"),
    gatewayDir,
    uplink,
    runtime: config.machineRuntime,
    usdPerHour: config.machineUsdPerHour,
    clock: systemClock,
  });
  return { provider, images, agedImages: agedImages(docker, config, log), uplink };
}

function agedImages(docker: Docker, config: Config, log: Log): AgedImages & { days: number; stop(): void } {
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

/** The one that the site keeps running in the data folder; not loaded where a server is configured. */
async function embeddedDatabase(config: Config): Promise<string> {
  const { startEmbeddedPostgres } = await import("#infra/db/embedded.ts");
  return (await startEmbeddedPostgres({ dataDir: config.dataDir })).siteUrl;
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const config = readConfig();
const log = createLogger({ name: "worker", level: config.logLevel });
main(config, log).then(
  () => process.exit(0),
  (err: unknown) => {
    log.fatal({ err }, err instanceof AppError ? err.userMessage : "The worker could not go on.");
    process.exit(1);
  },
);
