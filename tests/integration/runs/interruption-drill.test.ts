import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstanceNotice } from "#grading/protocol/messages.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { createFakeProvider } from "#infra/compute/fake/fake-provider.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type PlayedAgent, playAgents } from "#tests/support/played-agents.ts";
import { PlayedEvents } from "#tests/support/played-events.ts";
import { type SeededCourse, seedCourse, seedSubmission, seedUser } from "#tests/support/seed.ts";
import { startWorker } from "#workers/start-worker.ts";
import { outcome } from "./fleet-bench.ts";

/** Submissions that are graded at once, and every how manieth of their machines is taken back: 15 of 50. */
const size = 50;
const taken = (index: number) => index % 10 < 3;
/** The most that a run may be without a machine that was asked for, from the notice on. */
const backWithinMs = 60_000;

let database: TestDatabase;
let course: SeededCourse;
let folder: string;
let worker: Awaited<ReturnType<typeof startWorker>>;
const events = new PlayedEvents();
const errors: unknown[] = [];
/** While true no first attempt is reported. */
let holding = false;
const provider = createFakeProvider({
  clock: systemClock,
  onMade: (spec, instanceId) => played.play(spec, instanceId),
});
const played = playAgents({
  // Three kinds of work: all is well, half of it, nothing.
  judge: ({ spec }, submission) => {
    const right = Number(submission) % 3;
    const checks = spec.checks.map((check, index) =>
      index < right ? outcome(check) : outcome(check, { verdict: "failed", fault: "student", points: 0 }),
    );
    return { outcome: "graded", fault: null, checks };
  },
  mayReport: async ({ order }) => {
    while (holding && order.attempt === 1) await pause(20);
  },
  powerOff: (instanceId) => provider.powerOff(instanceId),
  onError: (error) => errors.push(error),
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-interruptions-"));
  database = await startTestDatabase();
  course = await seedCourse(database.db);
  const files = createDiskStore(path.join(folder, "files"));
  await files.put(`exercises/${"e".repeat(64)}/hidden.tar`, Readable.from(["hidden"]));
  const shape = { cpus: 1, memoryMiB: 512 };
  worker = await startWorker({
    config: {
      ...{ deployment: "test", fleetMax: size, keepDays: defaultKeepDays, poolSize: 0, redisUrl: null },
      machineSizes: { engine: shape, kubernetes: shape },
    },
    ...{ db: database.db, databaseUrl: database.url, files, clock: systemClock, monotonic: systemMonotonic },
    ...{ provider, instanceEvents: events },
    images: { ready: () => ["engine"], ask: () => null, tell: () => {} },
    log: createLogger({ name: "worker", level: "error" }),
    gatewayListen: { socketPath: path.join(folder, "agent.sock") },
    addressInMachine: (address) => address,
  });
});
afterAll(async () => {
  played.stop();
  await worker?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Each by a student of its own; its number says what it is worth. Their runs, by number. */
async function handInAll(wave: string): Promise<string[]> {
  const files = createDiskStore(path.join(folder, "files"));
  const { courseId, courseSlug, sectionIds } = course;
  const runIds: string[] = [];
  for (let number = 0; number < size; number += 1) {
    const student = { name: `${wave} ${number}`, role: "student", sectionId: sectionIds.graduate } as const;
    const userId = await seedUser(database.db, { ...student, courseId, courseSlug });
    const { submissionId, runId } = await seedSubmission(database.db, course, { userId, at: new Date() });
    await files.put(`submissions/${submissionId}`, Readable.from([String(number)]));
    runIds.push(runId);
  }
  return runIds;
}

/** In the order of the ids, once all have ended. */
async function ended(runIds: string[]) {
  const where = { id: { in: runIds }, finishedAt: { not: null } };
  while ((await database.db.run.count({ where })) < runIds.length) await pause(200);
  const runs = await database.db.run.findMany({ where, include: { checks: true, claims: true } });
  return runIds.flatMap((runId) => runs.find(({ id }) => id === runId) ?? []);
}
const agentOf = (runId: string) => played.agents.find(({ order }) => order.runId === runId);

/** A third hear of it from their instance, a third are heard of by the queue, a third by both at once. */
async function takeBack(agents: PlayedAgent[]): Promise<void> {
  const notice: InstanceNotice = {
    kind: "interruption",
    at: new Date(Date.now() + 120_000).toISOString(),
  };
  await Promise.all(
    agents.map(async (agent, index) => {
      if (index % 3 !== 0) events.tell(agent.instanceId, notice);
      if (index % 3 !== 1) await agent.tell(notice);
    }),
  );
}

test("of 50 gradings 15 are interrupted: each ends with one result, its control's score, at nobody's cost", async () => {
  const controls = (await ended(await handInAll("Control"))).map(({ score }) => Number(score));
  expect([...new Set(controls)].sort((a, b) => a - b)).toEqual([0, 5, 20]);

  holding = true;
  const runIds = await handInAll("Interrupted");
  while (runIds.some((runId) => agentOf(runId) === undefined)) await pause(100);
  const interrupted = runIds.filter((_, index) => taken(index));
  expect(interrupted).toHaveLength(15);
  const agents = interrupted.flatMap((runId) => agentOf(runId) ?? []);
  const noticedAt = Date.now();
  await takeBack(agents);
  const isBack = { id: { in: interrupted }, attempt: 2 };
  while ((await database.db.run.count({ where: isBack })) < interrupted.length) await pause(50);
  holding = false;

  // What an interrupted machine still says of its attempt comes too late.
  const late = await Promise.all(agents.map(({ ended }) => ended));
  expect(late.filter((end) => end === "reported" || !end.over)).toEqual([]);

  const runs = await ended(runIds);
  for (const run of runs) {
    const again = interrupted.includes(run.id);
    expect(run).toMatchObject({
      state: "graded",
      counts: true,
      attempt: again ? 2 : 1,
      platformFaults: 0,
      reason: null,
    });
    expect(new Set(run.checks.map(({ attempt }) => attempt))).toEqual(new Set([run.attempt]));
    expect(run.checks).toHaveLength(2);
    const claimedAgain = run.claims.find(({ attempt }) => attempt === 2)?.openedAt.getTime();
    if (again) expect((claimedAgain ?? Number.NaN) - noticedAt).toBeLessThan(backWithinMs);
  }
  expect(runs.map(({ score }) => Number(score))).toEqual(controls);
  expect(await database.db.run.count()).toBe(2 * size);

  while ((await database.db.machine.count({ where: { state: { not: "terminated" } } })) > 0) await pause(100);
  expect(await database.db.machine.count({ where: { endCode: "interrupted" } })).toBe(15);
  expect(await database.db.machine.count()).toBe(2 * size + 15);
  await expect.poll(() => [provider.count(), events.done.length, errors]).toEqual([0, 10, []]);
});
