import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { runAgent } from "#grading/machine/agent/run-agent.ts";
import type { Instance, LaunchSpec } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { type SeenFiles, sweepFiles } from "#grading/submissions/sweep-files.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { createNamedFiles } from "#infra/db/schema/named-files.ts";
import type { S3Store } from "#infra/storage/s3/s3-store.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { type FaultProxy, startFaultProxy } from "#tests/contract/storage/support/fault-proxy.ts";
import { type LocalBuckets, startLocalBuckets } from "#tests/contract/storage/support/test-buckets.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { tarOf, zipOf } from "#tests/support/submit.ts";
import { startWorker } from "#workers/start-worker.ts";
import { MemoryProvider } from "../runs/fleet-bench.ts";

const machine = { cpus: 1, memoryMiB: 512 };
const dayMs = 86_400_000;
/** A request that somebody else signed: what a machine asks of the store by a link. */
const byLink = /^GET .*X-Amz-Signature/;

/** Machines are agents in this process, which have a network as an instance has, and no engine to build with. */
class AgentProvider extends MemoryProvider {
  readonly diary: string[] = [];
  readonly #ended: Promise<unknown>[] = [];
  constructor(private readonly folder: string) {
    super(systemClock);
  }
  override async launch(spec: LaunchSpec): Promise<Instance> {
    const known = this.machines.has(`m-${spec.machineId}`);
    const launched = await super.launch(spec);
    if (!known) this.#ended.push(this.#run(spec));
    return launched;
  }
  async #run({ machineId, userData }: LaunchSpec): Promise<void> {
    await runAgent({
      ...{ address: userData.agentAddress, token: userData.token },
      docker: { ping: async () => "OK" } as unknown as Parameters<typeof runAgent>[0]["docker"],
      workDir: path.join(this.folder, machineId),
      shorten: async () => undefined,
      say: (line) => void this.diary.push(line),
      crashed: new AbortController().signal,
    }).catch((error: unknown) => void this.diary.push(String(error)));
  }
  async over(): Promise<void> {
    await Promise.all(this.#ended);
  }
}

const closers: (() => unknown)[] = [];
let buckets: LocalBuckets;
let proxy: FaultProxy;
let settings: BucketSettings;
let store: S3Store;
let web: TestWeb;
let course: SeededCourse;
let student: Person;
let provider: AgentProvider;
beforeAll(async () => {
  buckets = await startLocalBuckets();
  closers.push(() => buckets.close());
  proxy = await startFaultProxy(buckets.server.port);
  closers.push(() => proxy.close());
  settings = { ...(await buckets.newSettings()), endpoint: proxy.endpoint };
  store = buckets.open(settings);
  const { accessKeyId, secretAccessKey } = buckets.server.credentials;
  web = await startWeb({
    DRYDOCK_STORAGE: "s3",
    DRYDOCK_S3_BUCKET: settings.bucket,
    DRYDOCK_S3_PREFIX: settings.prefix,
    DRYDOCK_S3_ENDPOINT: proxy.endpoint,
    AWS_REGION: settings.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  closers.push(() => web.stop());
  const check = { id: "files", kind: "files/required", title: "All is there", points: 5, timeoutSeconds: 30 };
  const checks = [{ ...check, needs: [], with: { files: [{ path: "Dockerfile" }] } }];
  course = await seedCourse(web.database.db, { dueAt: null, spec: { checks } });
  await store.put(`exercises/${"e".repeat(64)}/hidden.tar`, Readable.from([await tarOf([])]));

  const folder = await mkdtemp(path.join(tmpdir(), "drydock-s3-site-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  provider = new AgentProvider(folder);
  closers.push(() => provider.over());
  const worker = await startWorker({
    config: {
      ...{ deployment: "s3", fleetMax: 2, keepDays: defaultKeepDays, poolSize: 0, redisUrl: null },
      machineSizes: { engine: machine, kubernetes: machine },
    },
    ...{ db: web.database.db, databaseUrl: web.database.url, provider },
    images: { ready: () => ["engine"], ask: () => null, tell: () => {} },
    files: store,
    ...{ clock: systemClock, monotonic: systemMonotonic },
    log: createLogger({ name: "worker", level: "silent" }),
    gatewayListen: { socketPath: path.join(folder, "agent.sock") },
    addressInMachine: (address) => address,
    instances: { program: { gzipped: Buffer.alloc(0), sha256: "0".repeat(64) }, gatewayCa: null },
    timings: {
      ...defaultTimings,
      storage: { limitMs: 10_000, restMs: 0, patienceMs: 0 },
      every: { ...defaultTimings.every, storageAnswers: 300 },
    },
  });
  closers.push(() => worker.close());
}, 45 * 60_000);
beforeEach(async () => {
  proxy.seen.length = 0;
  student = await addPerson(web, "Sam Sender", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterEach(() => void proxy.faults.splice(0));
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function send(text: string): Promise<Response> {
  return call(
    web,
    student,
    `/api/submissions?exercise=${course.courseSlug}/tutorial-7/docker-containers&name=work.zip`,
    {
      method: "POST",
      body: new Uint8Array(await zipOf({ Dockerfile: text })),
      headers: { "Idempotency-Key": createHash("sha256").update(text).digest("hex") },
    },
  );
}
async function accepted(text: string): Promise<{ submissionId: string; runId: string }> {
  const answer = await send(text);
  expect(answer.status).toBe(201);
  const { submission, run } = (await answer.json()) as { submission: { id: string }; run: { id: string } };
  return { submissionId: submission.id, runId: run.id };
}
const ended: string[] = ["graded", "not_gradable", "cancelled"];
async function graded(runId: string) {
  const read = () => web.database.db.run.findUniqueOrThrow({ where: { id: runId } });
  for (let tries = 0; tries < 300 && !ended.includes((await read()).state); tries++) await pause(100);
  const { state, score, attempt, platformFaults } = await read();
  return { state, score: Number(score), attempt, platformFaults };
}
const wellGraded = { state: "graded", score: 5, attempt: 1, platformFaults: 0 };
const refuse = (on: RegExp) =>
  void proxy.faults.push({
    on,
    does: { kind: "answer", status: 403, code: "AccessDenied" },
    times: Number.POSITIVE_INFINITY,
  });

test("what is handed in over HTTP lies in the bucket, and its machine has both files from the store itself", async () => {
  const { submissionId, runId } = await accepted("FROM debian\n");
  expect(await buckets.namesLeft(settings)).toContain(`submissions/${submissionId}`);
  expect(await graded(runId)).toEqual(wellGraded);
  expect(proxy.seen.filter((asked) => byLink.test(asked))).toHaveLength(2);
  const file = await call(web, student, `/api/submissions/${submissionId}/file`);
  const sha256 = createHash("sha256")
    .update(Buffer.from(await file.arrayBuffer()))
    .digest("hex");
  const recorded = await web.database.db.submission.findUniqueOrThrow({ where: { id: submissionId } });
  expect(sha256).toBe(recorded.sha256);
});

test("where the store refuses links the machine has the files from Drydock, at nobody's cost", async () => {
  refuse(byLink);
  const { runId } = await accepted("FROM debian:12\n");
  expect(await graded(runId)).toEqual(wellGraded);
  expect(proxy.seen.filter((asked) => byLink.test(asked))).toHaveLength(4);
  expect(provider.diary.join()).not.toContain("X-Amz");
});

test("a missing permission is told to staff by its name and the student to send again; both are over when it is granted", async () => {
  const { db } = web.database;
  const notices = () => db.notice.findMany({ where: { code: "storage.trouble" } });
  refuse(/^PUT /);
  const refused = await send("FROM debian:13\n");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
  const { error } = (await refused.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe("storage-away");
  expect(error.message).toContain("Nothing of what you just sent was taken: send it again in a minute.");
  expect(await db.submission.count({ where: { userId: student.userId } })).toBe(0);
  await expect.poll(notices).toMatchObject([
    {
      subject: "storage:files",
      courseId: null,
      closedAt: null,
      reason: expect.stringContaining("s3:PutObject"),
    },
  ]);
  await pause(1_000);
  expect(await notices()).toMatchObject([{ count: 1 }]);
  proxy.faults.splice(0);
  expect(await graded((await accepted("FROM debian:13\n")).runId)).toEqual(wellGraded);
  await expect.poll(notices).toMatchObject([{ closedAt: expect.any(Date), closedById: null }]);
});

test("while nothing can be read no machine is started: the run waits, says why, and is graded when it can", async () => {
  const machines = () => web.database.db.machine.count();
  const before = await machines();
  refuse(/^GET .*health\/probe/);
  // Whose upload works meanwhile: only the worker's reading fails.
  await expect
    .poll(() =>
      web.database.db.notice.count({ where: { reason: { contains: "s3:GetObject" }, closedAt: null } }),
    )
    .toBe(1);
  const { runId } = await accepted("FROM debian:15\n");
  const read = () => web.database.db.run.findUniqueOrThrow({ where: { id: runId } });
  await expect.poll(async () => (await read()).reason).toContain("is safe but cannot be read");
  expect([(await read()).state, await machines()]).toEqual(["queued", before]);
  proxy.faults.splice(0);
  expect(await graded(runId)).toEqual(wellGraded);
});

test("what no submission names is swept out of the bucket, and what one names stays", async () => {
  const { submissionId, runId } = await accepted("FROM debian:14\n");
  await graded(runId);
  await store.put("submissions/sub_of_nobody", Readable.from([Buffer.from("left by a broken upload")]));
  const { id: installation } = await web.database.db.installation.findFirstOrThrow();
  const seen: SeenFiles = { unnamed: new Map(), unfinished: new Map() };
  const sweep = (days: number) => {
    const now = new Date(Date.now() + days * dayMs);
    const before = (ago: number) => new Date(now.getTime() - ago * dayMs);
    const times = { now, writtenBefore: before(1), trashedBefore: before(30) };
    const ports = { files: store, findNamed: createNamedFiles(web.database.db) };
    return sweepFiles(ports, { installation, ...times, seen });
  };
  expect(await sweep(2)).toMatchObject({ outcome: "swept", trashed: [] });
  expect(await sweep(2)).toMatchObject({ outcome: "swept", trashed: ["submissions/sub_of_nobody"] });
  expect(await sweep(33)).toMatchObject({ outcome: "swept", emptied: 1 });
  const left = await buckets.namesLeft(settings);
  expect(left).toContain(`submissions/${submissionId}`);
  expect(left.filter((name) => name.includes("nobody"))).toEqual([]);
});
