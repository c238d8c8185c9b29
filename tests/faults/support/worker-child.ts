// The worker as a process that tests can kill: the real one, but for its provider and its timings.
import path from "node:path";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startWorker } from "#workers/start-worker.ts";
import { createProcessProvider } from "./process-provider.ts";
import { shortTimings } from "./short-timings.ts";

const { WORKER_DATABASE_URL: databaseUrl, WORKER_REDIS_URL: redisUrl, WORKER_FOLDER: folder } = process.env;
if (!databaseUrl || !folder) throw new Error("WORKER_DATABASE_URL and WORKER_FOLDER are needed.");

let jumpedMs = 0;
process.on("message", ({ jumpMs }: { jumpMs: number }) => {
  jumpedMs += jumpMs;
});

const socketPath = path.join(folder, "agent.sock");
const db = createDb(databaseUrl, { connections: 5 });
const worker = await startWorker({
  config: {
    deployment: "faults",
    fleetMax: 2,
    keepDays: defaultKeepDays,
    poolSize: 0,
    machineSizes: { engine: { cpus: 1, memoryMiB: 512 }, kubernetes: { cpus: 1, memoryMiB: 512 } },
    redisUrl: redisUrl || null,
  },
  db,
  databaseUrl,
  provider: createProcessProvider(path.join(folder, "machines")),
  images: { ready: () => ["engine"], ask: () => null, tell: () => {} },
  files: createDiskStore(path.join(folder, "files")),
  clock: () => new Date(systemClock().getTime() + jumpedMs),
  monotonic: systemMonotonic,
  log: createLogger({ name: "worker", level: "info" }),
  gatewayListen: { socketPath },
  addressInMachine: (address) => address,
  timings: shortTimings,
});
process.send?.("ready");
process.once("SIGTERM", async () => {
  await worker.close();
  await db.$disconnect();
  process.exit(0);
});
