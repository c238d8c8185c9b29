import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocalMachines } from "#bin/cli/local-machines.ts";
import { kubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { addressInMachine, gatewayListen } from "#infra/compute/docker/uplink/uplink.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { execLines } from "#infra/machine/engine/engine-lines.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
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

/** The real worker, engine, machine and cluster; only the web is not there. */

const pod = `apiVersion: v1
kind: Pod
metadata: {name: hello}
spec:
  containers:
  - name: hello
    image: busybox:1.37
    command: [sleep, "600"]
`;
const checks = [
  {
    id: "apply",
    kind: "kubernetes/apply",
    title: "It is taken",
    points: 1,
    needs: [],
    timeoutSeconds: 60,
    with: {},
  },
  {
    id: "ready",
    kind: "kubernetes/rollout",
    title: "It runs",
    points: 1,
    needs: ["apply"],
    timeoutSeconds: 60,
    with: { pod: "hello", readySeconds: 30 },
  },
];

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let docker: Docker;
let folder: string;
let worker: Awaited<ReturnType<typeof startWorker>>;
let machineNames: () => Promise<string[]>;
let endMachines: () => Promise<void>;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  closers.push(() => database.close());
  const spec = {
    slug: "pool",
    title: "Pool",
    facilities: { kubernetes: kubernetesSettings.parse({}) },
    requiredFiles: ["k8s/pod.yaml"],
    checks,
  };
  course = await seedCourse(database.db, { spec, dueAt: null });
  fixture = await startSubmitFixture(database, new Date());
  closers.push(() => fixture.close());
  const store = createDiskStore(fixture.root);
  // The exercise has no hidden files: a tar of nothing.
  await store.put(`exercises/${"e".repeat(64)}/hidden.tar`, Readable.from([await tarOf([])]));
  const machines = await openLocalMachines({ installEngine: true, machineKind: "engine+kubernetes" });
  closers.push(() => machines.close());
  ({ docker } = await ensureEngine({ install: false, onProgress: () => {} }));
  folder = await mkdtemp(path.join(os.tmpdir(), "drydock-pool-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const provider = machines.providerFor(folder);
  const installation = await ensureInstallation(database.db, new Date());
  machineNames = async () => (await provider.list(installation)).map(({ instanceId }) => instanceId);
  endMachines = async () => {
    for (const instanceId of await machineNames()) await provider.terminate(instanceId);
  };
  worker = await startWorker({
    config: {
      deployment: "pool",
      fleetMax: 2,
      keepDays: defaultKeepDays,
      poolSize: 1,
      machineSizes: { engine: machines.shape, kubernetes: machines.shape },
      redisUrl: null,
    },
    db: database.db,
    databaseUrl: database.url,
    provider,
    images: { ready: () => ["engine+kubernetes"], ask: () => null, tell: () => {} },
    files: store,
    clock: systemClock,
    monotonic: systemMonotonic,
    log: createLogger({ name: "worker", level: "error" }),
    gatewayListen: gatewayListen(machines.uplink, path.join(folder, "agent.sock"), 0),
    addressInMachine,
  });
}, 1_800_000);

afterAll(async () => {
  await worker?.close();
  await endMachines?.();
  for (const close of closers.reverse()) await close();
});

async function until<T>(what: string, seconds: number, look: () => Promise<T | null>): Promise<T> {
  const giveUpAt = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > giveUpAt) throw new Error(`Not within ${seconds} s: ${what}`);
    await wait(100);
  }
}

const warmMachine = (than: string | null = null) =>
  until("a warm machine waits", 90, () =>
    database.db.machine.findFirst({
      where: { warmAt: { not: null }, runId: null, state: "ready", NOT: { id: than ?? "" } },
    }),
  );

async function handIn(): Promise<string> {
  const files = filesOf({ name: "work.zip", bytes: await zipOf({ "k8s/pod.yaml": pod }) });
  const { studentId: userId, exerciseId } = course;
  const outcome = await submitWork(
    fixture.ports,
    submitInput({ userId, exerciseId, files, receivedAt: new Date() }),
  );
  return acceptedRun(outcome);
}

/** What a command in the machine says. */
async function say(instanceId: string | null, command: string[]): Promise<string> {
  const lines: string[] = [];
  const container = docker.getContainer(instanceId ?? "");
  await execLines({ docker, container, command, env: [], onLine: (line) => lines.push(line) });
  return lines.join("\n");
}

const apiServer = "grep -l '^Name:.kube-apiserver' /proc/[0-9]*/status | xargs grep -h ^State";

const untilAsleep = (instanceId: string | null) =>
  until("its Kubernetes sleeps", 20, async () =>
    (await say(instanceId, ["bash", "-c", apiServer])).includes("T (stopped)") ? true : null,
  );

test("a run takes the Kubernetes that slept for it, whose nodes have lost nothing by it, and the pool fills again", async () => {
  const warm = await warmMachine();
  // Several naps, each longer than the nodes' own leases.
  await wait(20_000);
  await untilAsleep(warm.instanceId);
  const runId = await handIn();
  const run = await until("the run is graded", 90, async () => {
    const found = await database.db.run.findUniqueOrThrow({
      where: { id: runId },
      include: { machines: true },
    });
    return found.state === "graded" ? found : null;
  });
  expect(Number(run.score)).toBe(2);
  expect(run.machines.map(({ id }) => id)).toEqual([warm.id]);
  const log = await database.db.runEvent.findMany({ where: { runId, type: "log" }, orderBy: { id: "asc" } });
  const lines = log.map(({ payload }) => (payload as { line: string }).line);
  expect(lines[0]).toMatch(/^Kubernetes v[\d.]+ was waiting for you: 1 node, ready after [\d.]+ s\.$/);
  const next = await warmMachine(warm.id);
  expect(next.instanceId).not.toBe(warm.instanceId);
}, 240_000);

test("a machine ends while its Kubernetes sleeps as any other does", async () => {
  const { id, instanceId } = await warmMachine();
  await untilAsleep(instanceId);
  await database.db.$transaction(async (tx) => {
    await tx.machine.update({ where: { id }, data: { leaseUntil: new Date() } });
  });
  await until("the cluster is closed and its machine gone", 60, async () => {
    const { state } = await database.db.machine.findUniqueOrThrow({ where: { id } });
    return state === "terminated" && !(await machineNames()).includes(instanceId ?? "") ? true : null;
  });
}, 180_000);
