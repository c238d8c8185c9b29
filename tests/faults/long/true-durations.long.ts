import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
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
import { startEngineProxy } from "./engine-proxy.ts";

/** The real worker, engine and machines at their true timings: a machine is taken for dead after 15 s of silence. */

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let worker: ChildProcess;
let engine: Awaited<ReturnType<typeof startEngineProxy>>;
const log: string[] = [];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  closers.push(() => database.close());
  const checks = [
    {
      id: "build",
      kind: "docker/build",
      title: "It builds",
      points: 20,
      needs: [],
      timeoutSeconds: 400,
      with: {},
    },
  ];
  course = await seedCourse(database.db, { spec: { slug: "slow", title: "Slow", checks }, dueAt: null });
  fixture = await startSubmitFixture(database, new Date());
  closers.push(() => fixture.close());
  await createDiskStore(fixture.root).put(
    `exercises/${"e".repeat(64)}/hidden.tar`,
    Readable.from([await tarOf([])]),
  );
  const folder = await mkdtemp(path.join(os.tmpdir(), "drydock-long-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const proxyPath = path.join(folder, "engine.sock");
  engine = await startEngineProxy(proxyPath, "/var/run/docker.sock");
  closers.push(async () => engine.close());
  worker = spawn(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("./docker-worker.ts", import.meta.url))],
    {
      env: {
        ...process.env,
        DOCKER_HOST: `unix://${proxyPath}`,
        WORKER_DATABASE_URL: database.url,
        WORKER_FOLDER: folder,
        WORKER_FILES: fixture.root,
        WORKER_DEPLOYMENT: `long-${randomBytes(4).toString("hex")}`,
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  for (const out of [worker.stdout, worker.stderr]) out?.on("data", (chunk) => log.push(String(chunk)));
  const died = once(worker, "exit").then(() => Promise.reject(new Error(log.join(""))));
  died.catch(() => undefined); // Only a death before it is ready matters here.
  await Promise.race([once(worker, "message"), died]);
  closers.push(async () => {
    if (worker.exitCode !== null) return;
    const ended = once(worker, "exit");
    worker.kill("SIGTERM");
    await ended;
  });
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** A submission whose machine works for so long. */
async function handIn(seconds: number, userId = course.studentId): Promise<string> {
  const dockerfile = `FROM debian:trixie-slim\nRUN sleep ${seconds}\n`;
  const files = filesOf({ name: "work.zip", bytes: await zipOf({ Dockerfile: dockerfile }) });
  const { exerciseId } = course;
  const outcome = await submitWork(
    fixture.ports,
    submitInput({ userId, exerciseId, files, receivedAt: new Date() }),
  );
  return acceptedRun(outcome);
}

const runOf = (id: string) => database.db.run.findUniqueOrThrow({ where: { id } });
async function untilState(runId: string, ...states: string[]): Promise<void> {
  while (!states.includes((await runOf(runId)).state)) await pause(200);
}
async function untouched(runId: string): Promise<void> {
  await untilState(runId, "graded", "not_gradable", "cancelled");
  const run = await runOf(runId);
  expect(run, log.slice(-40).join("")).toMatchObject({ state: "graded", attempt: 1, platformFaults: 0 });
  expect(Number(run.score)).toBe(20);
}

/** The machine works on for a while after the fault, as it would for a student. */
async function survive(faultSeconds: number, fault: () => Promise<unknown>): Promise<void> {
  const runId = await handIn(faultSeconds + 25);
  await untilState(runId, "running");
  await fault();
  await untouched(runId);
}

async function stopPostgres(seconds: number): Promise<void> {
  await database.server.halt();
  await pause(seconds * 1000);
  await database.server.resume();
}

test("Postgres stopped for 20 s", () => survive(20, () => stopPostgres(20)));

test("Postgres stopped for 120 s", () => survive(120, () => stopPostgres(120)));

test("the worker suspended for 60 s", () =>
  survive(60, async () => {
    worker.kill("SIGSTOP");
    await pause(60_000);
    worker.kill("SIGCONT");
  }));

test("the engine hung for 90 s, with one run at work and one that needs a machine", async () => {
  const running = await handIn(20);
  await untilState(running, "running");
  engine.hang();
  // Of another student: one student's runs go one after the other.
  const waiting = await handIn(1, course.otherStudentId);
  await pause(90_000);
  engine.goOn();
  await untouched(running);
  await untilState(waiting, "graded");
  expect(await runOf(waiting)).toMatchObject({ platformFaults: 0 });
});

test("the clock set back by an hour, and ahead again", async () => {
  const runId = await handIn(60);
  await untilState(runId, "running");
  worker.send({ jumpMs: -3_600_000 });
  await pause(25_000);
  worker.send({ jumpMs: 3_600_000 });
  await untouched(runId);
});

test("the clock set ahead by an hour", () =>
  survive(25, async () => {
    worker.send({ jumpMs: 3_600_000 });
    await pause(25_000);
  }));
