import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startTestDatabase } from "#tests/support/database.ts";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { playAgents } from "#tests/support/played-agents.ts";
import { seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { startWorker } from "#workers/start-worker.ts";
import { localApi, localProvider } from "./support/ec2-machines.ts";

const fixture = withLocalEc2();
const closers: (() => unknown)[] = [];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-ends-"));
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

test("the worker ends a machine at its lease whose agent goes on, with no timer, reaper or schedule to help", async () => {
  const database = await startTestDatabase();
  closers.push(() => database.close());
  const { db, url: databaseUrl } = database;
  const course = await seedCourse(db);
  const files = createDiskStore(folder);
  await files.put(`exercises/${"e".repeat(64)}/hidden.tar`, Readable.from(["hidden"]));
  const api = localApi(fixture.local);
  closers.push(() => api.close());
  const errors: unknown[] = [];
  const over = new AbortController();
  const played = playAgents({
    judge: () => ({ outcome: "graded", fault: null, checks: [] }),
    mayReport: () => pause(600_000, undefined, { signal: over.signal }),
    powerOff: () => undefined,
    onError: (error) => {
      if (!over.signal.aborted) errors.push(error);
    },
  });
  closers.push(
    fixture.local.proxy.subscribe({
      onLaunch: ({ instanceId, userData }) =>
        played.play({ userData: JSON.parse(userData.toString()) } as LaunchSpec, instanceId),
    }),
  );
  const shape = { cpus: 2, memoryMiB: 2048 };
  const worker = await startWorker({
    config: {
      ...{ deployment: "test", fleetMax: 1, keepDays: defaultKeepDays, poolSize: 0, redisUrl: null },
      machineSizes: { engine: shape, kubernetes: shape },
    },
    ...{ db, databaseUrl, files, clock: systemClock, monotonic: systemMonotonic },
    provider: localProvider(fixture.local, api),
    images: { ready: () => ["engine"], ask: () => null, tell: () => {} },
    log: createLogger({ name: "worker", level: "error" }),
    gatewayListen: { host: "127.0.0.1", port: 0 },
    addressInMachine: (address) => address,
    timings: { ...defaultTimings, every: { ...defaultTimings.every, leaseExpiry: 500 } },
  });
  closers.push(() => worker.close());
  // Before the worker: nobody calls a gateway that closes.
  closers.push(() => {
    over.abort();
    played.stop();
  });

  const { runId } = await seedSubmission(db, course, { at: new Date() });
  await files.put(
    `submissions/${(await db.run.findUniqueOrThrow({ where: { id: runId } })).submissionId}`,
    Readable.from(["work"]),
  );
  const machine = () => db.machine.findFirstOrThrow({ where: { runId, runAttempt: 1 } });
  await expect.poll(() => played.agents.length, { timeout: 60_000 }).toBe(1);
  const { id, instanceId } = await machine();
  // Its lease would be minutes ahead.
  const leaseUntil = new Date(Date.now() + 3_000);
  await db.machine.update({ where: { id }, data: { leaseUntil } });
  await expect.poll(async () => (await machine()).state, { timeout: 60_000 }).toBe("terminated");
  const ended = await machine();
  expect(ended.drainingAt?.getTime()).toBeGreaterThanOrEqual(leaseUntil.getTime());
  const { Reservations } = await api.reading.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId ?? ""] }),
  );
  expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
    State: { Name: "terminated" },
    StateReason: { Code: "Client.UserInitiatedShutdown" },
  });
  expect(errors).toEqual([]);
});
