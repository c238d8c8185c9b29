import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFleet } from "#app/_server/queries/fleet/machines.ts";
import { readSpend } from "#app/_server/queries/fleet/spend.ts";
import { queueView } from "#app/_server/queries/run/queue-view.ts";
import { type Caps, noCaps } from "#course/cost/budget.ts";
import { closeMachine } from "#grading/machines/ending/close-machine.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { readHolds } from "#infra/db/money/living.ts";
import { readSpending } from "#infra/db/money/spending.ts";
import { fleetTransaction } from "#infra/db/runs/fleet-transaction.ts";
import { createQueuePlaces } from "#infra/db/runs/queue-places.ts";
import { bootTimeout } from "#workers/reconcilers/boot-timeout.ts";
import { draining } from "#workers/reconcilers/draining.ts";
import { moneyWaits } from "#workers/reconcilers/money-waits.ts";
import { runWithoutMachine } from "#workers/reconcilers/run-without-machine.ts";
import { type FleetBench, fullResult, launchFor, openFleetBench, takeOrder } from "../runs/fleet-bench.ts";
import { openPoolBench } from "./pool-bench.ts";

/** 3.60 an hour are 1,000 millionths a second; the lease of the seeded exercise is 810 s. */
const perRun = 810_000;
let bench: FleetBench;
let woken: number;

async function open(caps: Partial<Caps>, fleetMax = 10) {
  bench = await openFleetBench({ fleetMax, caps: { ...noCaps, ...caps } });
  woken = 0;
  look = moneyWaits(bench.fleet(), bench.starter, bench.launcher, () => void woken++).pass;
}
let look: () => Promise<void>;
afterEach(() => bench.close());

const machineOf = (id: string) => bench.db.machine.findUniqueOrThrow({ where: { id } });
const ledger = () => bench.db.ledgerEntry.findMany({ orderBy: [{ machineId: "asc" }, { part: "asc" }] });
const spentNow = async () => {
  const of = { courses: [bench.course.courseId], students: [] };
  return readSpending(bench.db, of, bench.now());
};
const told = async (runId: string) =>
  queueView(await createQueuePlaces(bench.db, { fleetMax: 10, clock: bench.now }).of(runId))?.waitsFor;
const openNotices = () => bench.db.notice.findMany({ where: { closedAt: null }, orderBy: { code: "asc" } });

async function grade(runId: string, seconds: number): Promise<string> {
  const { session, order, machineId } = await takeOrder(bench, runId);
  bench.pass(seconds * 1000);
  await bench.service.reportResult(session, fullResult(bench, order));
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
  return machineId;
}

/** What every machine's row says that it cost, and what the ledger says, in millionths. */
async function books(): Promise<{ rows: number; ledger: number }> {
  const [sums] = await bench.db.$queryRaw<{ rows: number; ledger: number }[]>`
    SELECT (SELECT coalesce(sum(cost_usd), 0) * 1000000 FROM machine)::float8 AS rows,
      (SELECT coalesce(sum(micros), 0) FROM ledger_entry)::float8 AS ledger`;
  if (sums === undefined) throw new Error("Nothing was summed.");
  return sums;
}

describe("a limit of the day", () => {
  test("is not passed by workers that claim at once, and nothing is lost", async () => {
    await open({ dayMicros: 2 * perRun });
    const runs = [];
    for (let i = 0; i < 6; i++) runs.push(await bench.submit());
    await bench.warm();
    const other = createFleetStore(bench.mover, bench.own);
    const claims = await Promise.all(
      runs.map(({ runId }, index) =>
        (index % 2 === 0 ? bench.store : other).claimRun(runId, {
          ...bench.starter.limits,
          ...{ fleetMax: 10, worker: `w${index % 2}`, usdPerHourOf: () => 3.6 },
        }),
      ),
    );
    expect(claims.filter(({ outcome }) => outcome === "claimed")).toHaveLength(2);
    expect(claims.filter(({ outcome }) => outcome === "waiting")).toHaveLength(4);
    expect((await spentNow()).dayMicros).toBe(2 * perRun);
    expect(await bench.db.run.count({ where: { state: "queued", attempt: 1 } })).toBe(4);
  });

  test("that a killed worker's claim holds is free once the run has no machine", async () => {
    await open({ dayMicros: perRun });
    const [first, second] = [await bench.submit(), await bench.submit()];
    const limits = { ...bench.starter.limits, fleetMax: 10, worker: "killed", usdPerHourOf: () => 3.6 };
    expect(await bench.store.claimRun(first.runId, limits)).toMatchObject({ outcome: "claimed" });
    // Killed here: no row of a machine, and no launch.
    expect(await bench.starter.start(second.runId)).toMatchObject({ outcome: "waiting" });
    bench.pass(defaultTimings.claimTimeoutMs + 2_000);
    await runWithoutMachine(bench.fleet()).pass();
    expect((await spentNow()).dayMicros).toBe(0);
    expect(await bench.run(first.runId)).toMatchObject({ state: "queued", attempt: 2 });
    expect(await bench.starter.start(first.runId)).toMatchObject({ outcome: "started" });
  });

  test("that a killed worker's machine holds is free once the machine is seen not to exist", async () => {
    await open({ dayMicros: perRun });
    const { runId } = await bench.submit();
    const limits = { ...bench.starter.limits, fleetMax: 10, worker: "killed", usdPerHourOf: () => 3.6 };
    const claim = await bench.store.claimRun(runId, limits);
    if (claim.outcome !== "claimed") throw new Error(claim.outcome);
    const machine = { id: "mch_1", provider: "memory", machineKind: "engine", tokenHash: "0".repeat(64) };
    const { leaseUntil } = claim;
    const written = { ...machine, leaseUntil, usdPerHour: 3.6 };
    expect(await bench.store.requestMachine({ runId, attempt: 1 }, written)).toBe(true);
    // Killed here: there is a row, and nothing was launched.
    expect((await spentNow()).dayMicros).toBe(perRun);
    bench.pass(defaultTimings.bootTimeoutMs + 2_000);
    await bootTimeout(bench.fleet()).pass();
    expect((await spentNow()).dayMicros).toBe(perRun);
    bench.pass(defaultTimings.orphanGraceMs + 2_000);
    const ending = draining(bench.fleet());
    await ending.pass();
    await ending.settle?.();
    expect(await machineOf("mch_1")).toMatchObject({ state: "terminated" });
    expect((await spentNow()).dayMicros).toBe(0);
    expect(await ledger()).toEqual([]);
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  });

  test("is said on the run's page and to staff once, and a new day starts what waited", async () => {
    await open({ dayMicros: perRun });
    const [first, second] = [await bench.submit(), await bench.submit()];
    await grade(first.runId, 100);
    expect(await bench.starter.start(second.runId)).toMatchObject({ outcome: "waiting" });
    await look();
    await look();
    expect(await told(second.runId)).toMatch(/^What machines may cost in a day is used up .* 00:00 UTC/);
    expect(await bench.run(second.runId)).toMatchObject({
      state: "queued",
      reasonCode: "budget",
      attempt: 1,
    });
    expect(await openNotices()).toMatchObject([{ code: "fleet.budget", subject: "budget:day", count: 1 }]);
    // Another worker, which knows no price yet, finds it as it is and changes nothing.
    const unpriced = { lastPriceOf: () => null };
    await moneyWaits(bench.fleet(), bench.starter, unpriced, () => void woken++).pass();
    bench.suspend(5.9 * 3_600_000);
    await look();
    expect(await told(second.runId)).toContain("00:00 UTC");
    expect([woken, (await openNotices()).length]).toEqual([0, 1]);
    bench.suspend(0.1 * 3_600_000);
    await look();
    expect(woken).toBe(1);
    await look();
    expect([await told(second.runId), woken]).toEqual([null, 1]);
    expect(await openNotices()).toEqual([]);
    expect(await bench.starter.start(second.runId)).toMatchObject({ outcome: "started" });
  });

  test("is told once while one run after the other takes what the last left, and each waiting run once", async () => {
    await open({ dayMicros: perRun + 300_000 });
    const runs = [];
    for (let i = 0; i < 5; i += 1) runs.push(await bench.submit());
    for (const { runId } of runs.slice(0, 3)) {
      const { session, order, machineId } = await takeOrder(bench, runId);
      await look();
      bench.pass(100_000);
      await bench.service.reportResult(session, fullResult(bench, order));
      await bench.store.closeMachine(machineId);
      await look();
    }
    expect(await bench.db.notice.findMany()).toMatchObject([
      { code: "fleet.budget", count: 1, closedAt: null },
    ]);
    expect(await bench.db.runEvent.count({ where: { runId: runs[4]?.runId ?? "" } })).toBe(1);
    expect(woken).toBe(3);
  });

  test("counts a machine past its lease by what it costs, until it is seen gone", async () => {
    await open({ dayMicros: 10 * perRun });
    const { runId } = await bench.submit();
    const { machineId } = await launchFor(bench, runId);
    bench.pass(1_000_000);
    expect((await spentNow()).dayMicros).toBe(1_000_000);
    await bench.store.endMachine({ machineId, how: "drain", reason: "Its time is up." });
    bench.pass(50_000);
    expect((await spentNow()).dayMicros).toBe(1_050_000);
    await bench.store.closeMachine(machineId);
    expect(await readHolds(bench.db, bench.now())).toEqual([]);
    expect((await spentNow()).dayMicros).toBe(1_050_000);
  });
});

test("the pool gives way to a run that the day has no money for beside it, and is not filled again before it", async () => {
  // An hour of a machine of the pool, and not quite a run's.
  const pool = await openPoolBench(10, { ...noCaps, dayMicros: 3_600_000 + perRun - 1 });
  bench = pool;
  const money = moneyWaits(pool.fleet(), pool.starter, pool.launcher, () => {});
  await pool.keep(1);
  const { id } = await pool.only();
  const { runId } = await pool.submit();
  expect(await pool.starter.start(runId)).toMatchObject({ outcome: "waiting" });
  await money.pass();
  await pool.keep(1);
  expect(await machineOf(id)).toMatchObject({ state: "draining", endCode: "made_room" });
  await pool.store.closeMachine(id);
  await pool.keep(1);
  expect(await pool.pool()).toHaveLength(1);
  expect(await pool.starter.start(runId)).toMatchObject({ outcome: "started" });
});

test("a student's limit holds nobody else up, and staff of the course are told", async () => {
  await open({ studentDayMicros: perRun }, 1);
  const { runId, userId } = await bench.submit();
  await grade(runId, 10);
  const { runId: again } = await bench.submit({ userId, number: 2 });
  const { runId: others } = await bench.submit();
  expect(await bench.starter.start(again)).toMatchObject({ outcome: "waiting" });
  await look();
  expect(await told(again)).toContain("What the runs of one student may cost in a day is used up");
  expect(await told(others)).toBeNull();
  expect(await openNotices()).toMatchObject([
    { code: "fleet.student-budget", courseId: bench.course.courseId },
  ]);
  expect(await bench.starter.start(others)).toMatchObject({ outcome: "started" });
});

test("a student pays for no machine that was taken away: the run is graded anew all the same", async () => {
  await open({ studentDayMicros: perRun });
  const { runId, userId } = await bench.submit();
  const { machineId } = await launchFor(bench, runId);
  bench.pass(100_000);
  const lost = { how: "lost", reason: "The machine was interrupted.", excused: true } as const;
  await bench.store.endMachine({ machineId, ...lost });
  // Whether it is seen gone by then or not; the day and the course pay.
  const first = await bench.starter.start(runId);
  expect(first).toMatchObject({ outcome: "started" });
  if (first.outcome !== "started") return;
  await bench.store.closeMachine(machineId);
  await bench.store.endMachine({ machineId: first.machineId, ...lost });
  await bench.store.closeMachine(first.machineId);
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  expect(await ledger()).toMatchObject([{ runId, userId, micros: 100_000n }]);
});

describe("the ledger", () => {
  beforeEach(() => open({ courseMicros: 100 * perRun }));

  test("books a machine once, for its run, its student, its assignment and its course", async () => {
    const { runId, userId } = await bench.submit();
    const machineId = await grade(runId, 40);
    await bench.store.closeMachine(machineId);
    const { courseId, assignmentId } = bench.course;
    expect(await ledger()).toEqual([
      {
        ...{ machineId, part: "run", micros: 40_000n, day: new Date("2024-11-12") },
        ...{ runId, userId, assignmentId, courseId },
      },
    ]);
    expect(Number((await machineOf(machineId)).costUsd)).toBe(0.04);
    expect((await spentNow()).courses.get(courseId)).toBe(40_000);
    await expect(bench.db.ledgerEntry.deleteMany()).rejects.toThrow(/append-only/);
  });

  test("books a waiting machine's time apart, and is the rows' sum after crashes in the middle", async () => {
    const pool = async (id: string) => {
      const machine = { id, provider: "memory", machineKind: "engine", poolNodes: 1, usdPerHour: 1.234567 };
      const leaseUntil = new Date(bench.now().getTime() + 3_600_000);
      const row = { ...machine, requestedAt: bench.now(), bootingAt: bench.now(), leaseUntil };
      await bench.db.machine.create({ data: { ...row, state: "ready" } });
    };
    await pool("mch_taken");
    await pool("mch_idle");
    bench.pass(33_333);
    const { runId } = await bench.submit();
    const taken = { state: "assigned", runId, runAttempt: 1, takenAt: bench.now() } as const;
    await bench.db.machine.update({ where: { id: "mch_taken" }, data: taken });
    bench.pass(7_777);
    for (const id of ["mch_taken", "mch_idle"]) {
      await bench.store.endMachine({ machineId: id, how: "drain", reason: "Enough." });
      const crash = bench.mover(async (context) => {
        await closeMachine(fleetTransaction(context), id);
        throw new Error("Killed before the commit.");
      });
      await expect(crash).rejects.toThrow("Killed");
      expect((await ledger()).map(({ machineId }) => machineId)).not.toContain(id);
      await bench.store.closeMachine(id);
    }
    const entries = await ledger();
    expect(entries.map(({ machineId, part, runId: of }) => [machineId, part, of])).toEqual([
      ["mch_idle", "pool", null],
      ["mch_taken", "run", runId],
      ["mch_taken", "pool", null],
    ]);
    const { rows, ledger: booked } = await books();
    expect(booked).toBe(rows);
    expect(booked).toBeGreaterThan(0);
  });

  test("books a machine that was launched although nobody wrote it down, and that never called", async () => {
    const { runId } = await bench.submit();
    // Its reply is lost twice, as where the worker is killed before it came.
    bench.provider.failures.push(new Error("Lost."), new Error("Lost again."));
    const start = await bench.starter.start(runId);
    if (start.outcome !== "unclear") throw new Error(start.outcome);
    bench.pass(100_000);
    await bootTimeout(bench.fleet()).pass();
    const ending = draining(bench.fleet());
    await ending.pass();
    await ending.settle?.();
    expect(await machineOf(start.machineId)).toMatchObject({ state: "terminated", endCode: "failed" });
    expect(await ledger()).toMatchObject([{ runId, part: "run", micros: 100_000n }]);
  });

  test("books address and disk alone of a machine that EC2 took back within the hour", async () => {
    const { runId } = await bench.submit();
    const { machineId } = await launchFor(bench, runId);
    await bench.db.machine.update({ where: { id: machineId }, data: { besidesUsdPerHour: 0.36 } });
    bench.pass(100_000);
    const lost = { how: "lost", reason: "The machine was interrupted.", takenBack: true } as const;
    await bench.store.endMachine({ machineId, ...lost });
    await bench.store.closeMachine(machineId);
    expect(await machineOf(machineId)).toMatchObject({ endCode: "interrupted" });
    expect((await ledger()).map(({ micros }) => micros)).toEqual([10_000n]);
  });

  test("is what the fleet page shows, with what is held beside it", async () => {
    const [first, second] = [await bench.submit(), await bench.submit()];
    await grade(first.runId, 40);
    const { machineId } = await launchFor(bench, second.runId);
    bench.pass(10_000);
    const { runId: waiting } = await bench.submit();
    const config = { caps: bench.own.caps ?? noCaps, fleetMax: 10 } as never;
    const services = { db: bench.db, clock: bench.now, config };
    const { courseId } = bench.course;
    const spend = await readSpend(services, courseId);
    const sums = { settledUsd: 0.04, heldUsd: 0.81 };
    expect(spend).toMatchObject({
      ...{ day: "2024-11-12", weekFrom: "2024-11-11", today: { ...sums, capUsd: null }, week: sums },
      ...{ course: { ...sums, capUsd: 81 }, poolToday: { settledUsd: 0, heldUsd: 0 } },
      assignments: [{ slug: "tutorial-7", runs: 1, ...sums }],
    });
    const fleet = await readFleet(services, courseId);
    expect(fleet).toMatchObject({
      ...{ stop: null, usdPerHour: 3.6, states: [{ state: "booting", machines: 1 }] },
      ...{ today: { machines: 2, interrupted: 0 }, queue: { waiting: 1 }, waiting: [{ runId: waiting }] },
      machines: [{ id: machineId, ageSeconds: 10, leaseSeconds: 810, overdue: false, costUsd: 0.01 }],
    });
    // Staff of another course learn what it costs, and not whose it is.
    const elsewhere = await readFleet(services, "crs_other");
    expect(elsewhere).toMatchObject({ machines: [{ work: { kind: "other-course" } }], waiting: [] });
    expect((await readSpend(services, "crs_other")).course).toMatchObject({ settledUsd: 0, heldUsd: 0 });
  });
});
