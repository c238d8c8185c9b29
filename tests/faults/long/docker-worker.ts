// The worker as a process with real machines and its own timings; only its clock can be set by whoever started it.
import path from "node:path";
import { openLocalMachines } from "#bin/cli/local-machines.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { addressInMachine, gatewayListen } from "#infra/compute/docker/uplink/uplink.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startWorker } from "#workers/start-worker.ts";

const {
  WORKER_DATABASE_URL: databaseUrl,
  WORKER_FOLDER: folder,
  WORKER_FILES: files,
  WORKER_DEPLOYMENT: deployment,
} = process.env;
if (!databaseUrl || !folder || !files || !deployment) throw new Error("The worker's variables are missing.");

let jumpedMs = 0;
process.on("message", ({ jumpMs }: { jumpMs: number }) => {
  jumpedMs += jumpMs;
});

const machines = await openLocalMachines({ installEngine: false, machineKind: "engine" });
const db = createDb(databaseUrl, { connections: 5 });
const provider = machines.providerFor(folder);
const worker = await startWorker({
  config: {
    deployment,
    fleetMax: 2,
    keepDays: defaultKeepDays,
    poolSize: 0,
    machineSizes: { engine: machines.shape, kubernetes: machines.shape },
    redisUrl: null,
  },
  db,
  databaseUrl,
  provider,
  images: { ready: () => ["engine"], ask: () => null, tell: () => {} },
  files: createDiskStore(files),
  clock: () => new Date(systemClock().getTime() + jumpedMs),
  monotonic: systemMonotonic,
  log: createLogger({ name: "worker", level: "info" }),
  gatewayListen: gatewayListen(machines.uplink, path.join(folder, "agent.sock"), 0),
  addressInMachine,
});
process.send?.("ready");
process.once("SIGTERM", async () => {
  await worker.close();
  for (const machine of await provider.list(await ensureInstallation(db, systemClock())))
    await provider.terminate(machine.instanceId);
  await db.$disconnect();
  process.exit(0);
});
