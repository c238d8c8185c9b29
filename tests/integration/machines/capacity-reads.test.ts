import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import type { CapacityReads } from "#grading/machines/capacity/hold-ahead.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import type { Machine } from "#infra/db/generated/client.ts";
import { createCapacityReads } from "#infra/db/machines/capacity-reads.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";

// What is held ahead of coming deadlines, as it is read from Postgres.
const now = new Date("2024-11-14T12:00:00Z");
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

let database: TestDatabase;
let course: SeededCourse;
let reads: CapacityReads;
let machines = 0;
beforeAll(async () => {
  database = await startTestDatabase();
  course = await seedCourse(database.db, { dueAt: hours(24) });
  reads = createCapacityReads(database.db, { provider: "fake", timings: defaultTimings });
});
afterAll(() => database.close());

const machine = (fields: Partial<Machine>) => {
  machines += 1;
  const made = {
    ...{ id: `mch_${machines}`, provider: "fake", machineKind: "engine", state: "ready" as const },
    ...{ tokenHash: null, leaseUntil: hours(5), requestedAt: minutes(-10), usdPerHour: 1 },
  };
  return database.db.machine.create({ data: { ...made, ...fields } as typeof made });
};

describe("exercises that are due", () => {
  test("name who is due when, by extensions, and who has handed in", async () => {
    const { db } = database;
    const { studentId: userId, instructorId: grantedById, assignmentId } = course;
    await db.extension.create({
      data: {
        ...{ id: newId("ext", now), assignmentId, userId, grantedById, reason: "Ill.", dueAt: hours(72) },
        createdAt: now,
      },
    });
    await seedSubmission(db, course, { userId: course.otherStudentId, at: hours(-1) });
    // Staff try exercises too, and are not due.
    await seedSubmission(db, course, { userId: course.taId, at: hours(-1) });
    const [work, ...others] = await reads.readWorks(now);
    expect(others).toEqual([]);
    expect(work).toMatchObject({
      ...{ title: "Tutorial 7: Docker containers", machineKind: "engine", nodes: 0, timeoutSeconds: 600 },
    });
    expect(work?.students.toSorted((a, b) => +a.dueAt - +b.dueAt)).toEqual([
      { dueAt: hours(24), handedIn: true },
      { dueAt: hours(72), handedIn: false },
    ]);
    // As long as somebody is due, and no longer.
    expect(await reads.readWorks(hours(71))).toHaveLength(1);
    expect(await reads.readWorks(hours(72))).toEqual([]);
  });

  test("are left out before their release, and where no version can be read", async () => {
    const { db } = database;
    const later = await seedCourse(db, { courseSlug: "later", dueAt: hours(24), releasedAt: hours(1) });
    expect(await reads.readWorks(now)).toHaveLength(1);
    expect(await reads.readWorks(hours(1))).toHaveLength(2);
    const { exerciseVersionId: id, exerciseId } = later;
    await db.exerciseVersion.update({ where: { id }, data: { current: false } });
    await db.exerciseVersion.create({
      data: {
        ...{ id: `${id}-2`, exerciseId, hash: "f".repeat(64), spec: { version: 99 }, hiddenKey: "hidden" },
        ...{ machineKind: "engine", current: true },
      },
    });
    expect(await reads.readWorks(hours(1))).toHaveLength(1);
  });
});

test("earlier assignments say how long before their own deadline students handed in", async () => {
  const { db } = database;
  const past = await seedCourse(db, { courseSlug: "past", dueAt: hours(-24) });
  const handIn = (userId: string, number: number, at: Date, dueAt: Date | null) =>
    seedSubmission(db, past, { userId, number, at, dueAt });
  await handIn(past.studentId, 1, hours(-27), hours(-24));
  await handIn(past.studentId, 2, hours(-23.5), hours(-24));
  // With an extension.
  await handIn(past.otherStudentId, 1, hours(-24), hours(-22));
  await handIn(past.otherStudentId, 2, hours(-24), null);
  await handIn(past.instructorId, 1, hours(-30), hours(-24));
  const [read, ...others] = await reads.readPast(hours(-100), now);
  expect(others).toEqual([]);
  expect(read?.students).toBe(2);
  expect(
    read?.leads.map((leads) => leads.toSorted((a, b) => a - b)).toSorted((a, b) => a.length - b.length),
  ).toEqual([[7200], [-1800, 10_800]]);
  expect(await reads.readPast(hours(-24), now)).toEqual([]);
});

test("machines of the own provider say how long they took to start and to grade, once there are enough", async () => {
  const took = (boot: number, run: number | null, fields: Partial<Machine> = {}) =>
    machine({
      ...{ state: "terminated", readyAt: new Date(+minutes(-10) + boot * 1000), terminatedAt: now },
      ...{ endCode: "run_over", endReason: "Over.", bootingAt: minutes(-10) },
      ...(run !== null && {
        assignedAt: minutes(-5),
        drainingAt: new Date(+minutes(-5) + run * 1000),
      }),
      ...fields,
    });
  for (const boot of [40, 50, 60, 300]) await took(boot, null);
  expect(await reads.readFigures(["engine"])).toEqual([
    { kind: "engine", bootSeconds: null, runSeconds: null },
  ]);
  await took(70, null);
  await took(1, null, { provider: "docker" });
  // Of the pool: until what it starts stood.
  for (let i = 0; i < 5; i += 1)
    await took(30, null, { machineKind: "engine+kubernetes", poolNodes: 1, warmAt: minutes(-9) });
  const figures = await reads.readFigures(["engine", "engine+kubernetes"]);
  expect(figures.toSorted((a, b) => a.kind.length - b.kind.length)).toEqual([
    { kind: "engine", bootSeconds: 60, runSeconds: null },
    { kind: "engine+kubernetes", bootSeconds: 60, runSeconds: null },
  ]);
  await database.db.machine.deleteMany();
});

test("runs that wait and machines at work count by kind, and what only waits in the pool does not", async () => {
  const { db } = database;
  const waiting = await db.run.count({ where: { state: "queued" } });
  expect(waiting).toBeGreaterThan(0);
  await machine({ poolNodes: 0 });
  await machine({ state: "draining", drainingAt: minutes(-1), endCode: "too_old", endReason: "Over." });
  // Nobody could end it for long: its place counts as free.
  await machine({ state: "draining", drainingAt: hours(-1), endCode: "too_old", endReason: "Over." });
  await machine({ machineKind: "engine+kubernetes" });
  await machine({ machineKind: "engine+kubernetes", provider: "docker" });
  const loads = await reads.readLoads(now);
  expect(loads.toSorted((a, b) => a.kind.length - b.kind.length)).toEqual([
    { kind: "engine", waiting, underWay: 1 },
    { kind: "engine+kubernetes", waiting: 0, underWay: 1 },
  ]);
});
