import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultTimings } from "#grading/machines/timings.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { startWorker, type WorkerParts } from "#workers/start-worker.ts";
import { MemoryProvider } from "./fleet-bench.ts";

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await startTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "drydock-stop-"));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const never = () => new Promise<never>(() => {});

/** A worker with a pool of one machine. */
function start(changes: Pick<WorkerParts, "provider"> & Partial<WorkerParts>) {
  const machine = { cpus: 1, memoryMiB: 512 };
  return startWorker({
    config: {
      deployment: "stop",
      fleetMax: 2,
      keepDays: defaultKeepDays,
      poolSize: 1,
      machineSizes: { engine: machine, kubernetes: machine },
      redisUrl: null,
    },
    db: database.db,
    databaseUrl: database.url,
    images: { ready: () => ["engine", "engine+kubernetes"], ask: () => null, tell: () => {} },
    files: createDiskStore(path.join(folder, "files")),
    clock: systemClock,
    monotonic: systemMonotonic,
    log: createLogger({ name: "worker", level: "silent" }),
    gatewayListen: { socketPath: path.join(folder, "agent.sock") },
    addressInMachine: (address) => address,
    timings: { ...defaultTimings, stopPatienceMs: 200 },
    ...changes,
  });
}

test("a worker whose engine never says what an image is stops, and ends the machines of its pool", async () => {
  const provider = new MemoryProvider(systemClock);
  const images = { days: 14, describe: never, renew: never, signal: new AbortController().signal };
  const worker = await start({ provider, agedImages: images });
  await expect.poll(() => database.db.machine.count({ where: { state: "booting" } })).toBe(1);
  await worker.close();
  expect(await database.db.machine.findMany()).toMatchObject([{ state: "terminated", endCode: "stopped" }]);
  expect(provider.machines.size).toBe(0);
});
