import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ensureAgentBundle } from "#bin/cli/agent-bundle.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { readAgentProgram } from "#infra/agent-gateway/agent-program.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine } from "#infra/compute/docker/uplink/uplink.ts";
import type { Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import { bootInstances } from "#infra/compute/ec2-local/boot-instances.ts";
import type { LocalEc2 } from "#infra/compute/ec2-local/local-ec2.ts";
import { createMachineRunner } from "#infra/compute/ec2-local/machine-runner.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { openLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import {
  acceptedRun,
  filesOf,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  tarOf,
  zipOf,
} from "#tests/support/submit.ts";
import { startWorker } from "#workers/start-worker.ts";
import { localApi, localProvider } from "./support/ec2-machines.ts";

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let local: LocalEc2;
let api: Ec2Api;
const errors: unknown[] = [];
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  closers.push(() => database.close());
  const build = {
    id: "build",
    kind: "docker/build",
    title: "It builds",
    points: 20,
    needs: [],
    timeoutSeconds: 100,
  };
  const spec = { slug: "ec2", title: "On EC2", checks: [{ ...build, with: {} }] };
  course = await seedCourse(database.db, { spec, dueAt: null });
  fixture = await startSubmitFixture(database, new Date());
  closers.push(() => fixture.close());
  const files = createDiskStore(fixture.root);
  await files.put(`exercises/${"e".repeat(64)}/hidden.tar`, Readable.from([await tarOf([])]));

  const engine = await ensureEngine({ install: false, onProgress: () => {} });
  closers.push(engine.stop);
  const { docker } = engine;
  const { image } = await ensureMachineImage({ docker, machineKind: "engine", onProgress: () => {} });
  local = await openLocalEc2();
  closers.push(() => local.close());
  const shape = { kind: "engine", cpus: 2, memoryMiB: 2048 };
  const runner = createMachineRunner({
    ...{ docker, owner: `test-${randomBytes(4).toString("hex")}` },
    onPoweredOff: (instanceId) =>
      void local.proxy.poweredOff(instanceId).catch((error) => errors.push(error)),
    onError: (error) => errors.push(error),
  });
  closers.push(() => runner.close());
  closers.push(
    bootInstances(local, runner, {
      bootOf: () => ({ image, shape }),
      onError: (error) => errors.push(error),
    }),
  );

  api = localApi(local);
  closers.push(() => api.close());
  const uplink = await chooseUplink({ docker, image, setting: "tcp", folder: tmpdir() });
  if (uplink.kind !== "tcp") throw new Error("Machines on instances call by TCP.");
  const worker = await startWorker({
    config: {
      ...{ deployment: "test", fleetMax: 2, keepDays: defaultKeepDays, poolSize: 0, redisUrl: null },
      machineSizes: { engine: shape, kubernetes: shape },
    },
    ...{ db: database.db, databaseUrl: database.url, files, clock: systemClock, monotonic: systemMonotonic },
    provider: localProvider(local, api),
    images: { ready: () => ["engine"], ask: () => null, tell: () => {} },
    log: createLogger({ name: "worker", level: "warn" }),
    gatewayListen: { host: uplink.host, port: 0 },
    addressInMachine,
    instances: { program: await readAgentProgram(await ensureAgentBundle()), gatewayCa: null },
  });
  closers.push(() => worker.close());
});
afterEach(() => expect(errors).toEqual([]));
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function handIn(dockerfile: string): Promise<string> {
  const { studentId: userId, exerciseId } = course;
  const files = filesOf({ name: "work.zip", bytes: await zipOf({ Dockerfile: dockerfile }) });
  const input = submitInput({ userId, exerciseId, files, receivedAt: new Date() });
  const outcome = await submitWork(fixture.ports, input);
  return acceptedRun(outcome);
}
const runOf = (id: string) => database.db.run.findUniqueOrThrow({ where: { id } });
const machinesOf = (runId: string) =>
  database.db.machine.findMany({ where: { runId }, orderBy: { requestedAt: "asc" } });
async function until(runId: string, state: string): Promise<void> {
  while ((await runOf(runId)).state !== state) await pause(200);
}
async function gone(runId: string): Promise<void> {
  while ((await machinesOf(runId)).some(({ state }) => state !== "terminated")) await pause(200);
}

test("a submission is graded on an instance of EC2, by its user data, boot script and agent alone", async () => {
  const runId = await handIn("FROM debian:trixie-slim\n");
  await until(runId, "graded");
  await gone(runId);
  expect(Number((await runOf(runId)).score)).toBe(20);
  const [machine, ...more] = await machinesOf(runId);
  expect(more).toEqual([]);
  expect(machine).toMatchObject({
    provider: "ec2",
    state: "terminated",
    market: "spot",
    endCode: "run_over",
  });
  expect(machine?.instanceId).toMatch(/^i-/);
  expect(machine?.zone).toMatch(/^us-east-1[abc]$/);
  expect(Number(machine?.costUsd)).toBeGreaterThan(0);
  const asked = local.proxy.calls.map(({ action }) => action);
  expect(asked.filter((action) => action === "CreateFleet")).toHaveLength(1);
});

test("an interrupted instance gives its run back at nobody's cost, and another one grades it", async () => {
  const runId = await handIn("FROM debian:trixie-slim\nRUN sleep 20\n");
  await until(runId, "running");
  const [first] = await machinesOf(runId);
  await local.proxy.interrupt(first?.instanceId ?? "", { noticeMs: 15_000 });
  await until(runId, "graded");
  await gone(runId);
  const run = await runOf(runId);
  expect([Number(run.score), run.attempt, run.platformFaults]).toEqual([20, 2, 0]);
  expect((await machinesOf(runId)).map(({ endCode }) => endCode)).toEqual(["interrupted", "run_over"]);
});
