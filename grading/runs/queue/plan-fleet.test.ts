import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPaused, nextPause } from "../../machines/launching/launch-pause.ts";
import { LaunchPauses } from "../../machines/launching/launch-pauses.ts";
import type { IdleMachine, MachineWish } from "../../machines/plan-pool.ts";
import { type FleetDemand, planFleet } from "./plan-fleet.ts";

const at = (hour: number) => new Date(hour * 3_600_000);
const machineKinds = ["engine", "engine+kubernetes"] as const;
/** Of kind, nodes and lease. */
const shape = {
  machineKind: fc.constantFrom(...machineKinds),
  nodes: fc.integer({ min: 0, max: 3 }),
  leaseUntil: fc.integer({ min: 1, max: 3 }).map(at),
};
const waiting = fc.record({
  id: fc.uuid(),
  student: fc.constantFrom("a" as const, "b" as const, "c" as const, "d" as const, "e" as const),
  exercise: fc.constantFrom("x", "y"),
  number: fc.integer({ min: 1, max: 5 }),
  newest: fc.integer({ min: 1, max: 5 }),
  byStaff: fc.boolean(),
  queuedAt: fc.date({ min: new Date(0), max: new Date(1e9), noInvalidDate: true }),
  attempt: fc.integer({ min: 1, max: 5 }),
  machineKind: fc.constantFrom(...machineKinds),
  wish: fc.record(shape),
});
const servedAt = fc.option(fc.integer({ min: 0, max: 9 }).map(at));
const demand = fc
  .record({
    served: fc.record({ a: servedAt, b: servedAt, c: servedAt, d: servedAt, e: servedAt }),
    fleetMax: fc.integer({ min: 1, max: 20 }),
    busy: fc.integer({ min: 0, max: 30 }),
    idle: fc.integer({ min: 0, max: 10 }),
    claimed: fc.integer({ min: 0, max: 5 }),
    paused: fc.subarray([...machineKinds]),
    queued: fc.uniqueArray(waiting, { maxLength: 30, selector: (run) => run.id }),
    machines: fc.uniqueArray(fc.record({ id: fc.uuid(), ...shape }), {
      maxLength: 4,
      selector: (machine) => machine.id,
    }),
    underWay: fc.array(
      fc.record({ student: fc.constantFrom("a", "b", "f"), exercise: fc.constantFrom("x", "y") }),
    ),
  })
  .map(({ busy, queued, served, ...wanted }) => ({
    ...wanted,
    live: busy + wanted.idle,
    waiting: queued.map(({ wish, ...run }) => ({
      ...run,
      servedAt: served[run.student],
      onlyIdle: wanted.paused.includes(run.machineKind) ? { ...wish, machineKind: run.machineKind } : null,
    })),
  }));

const isFit = (one: MachineWish, wish: MachineWish) =>
  one.machineKind === wish.machineKind && one.nodes === wish.nodes && one.leaseUntil >= wish.leaseUntil;

/** Machines of the pool that no run of the plan takes, when each takes the first that fits. */
function leftOver(wanted: FleetDemand, start: string[]): IdleMachine[] {
  const left = [...wanted.machines];
  for (const id of start) {
    const wish = wanted.waiting.find((run) => run.id === id)?.onlyIdle;
    if (!wish) continue;
    const index = left.findIndex((one) => isFit(one, wish));
    expect(index).not.toBe(-1);
    left.splice(index, 1);
  }
  return left;
}

test("the fleet is never planned beyond its limit, and never idle while a run waits that may start", () => {
  fc.assert(
    fc.property(demand, (wanted) => {
      const { start } = planFleet(wanted);
      // Machines of the pool give their places to runs.
      const taken = wanted.live - wanted.idle + wanted.claimed;
      expect(start.length === 0 || taken + start.length <= wanted.fleetMax).toBe(true);
      if (taken + start.length >= wanted.fleetMax) return;
      const started = wanted.waiting.filter((run) => start.includes(run.id));
      const held = new Set([...wanted.underWay, ...started].map(holder));
      const left = leftOver(wanted, start);
      const fits = ({ onlyIdle: wish }: FleetDemand["waiting"][number]) =>
        wish === null || left.some((one) => isFit(one, wish));
      const others = wanted.waiting.filter((run) => !start.includes(run.id) && !held.has(holder(run)));
      expect(others.filter(fits)).toEqual([]);
    }),
  );
});

test("of students who never had a turn the one is first whose run can start and waits longest", () => {
  const one = (id: string, student: string, second: number, onlyIdle: MachineWish | null = null) => ({
    ...{ id, student, exercise: id, number: 1, newest: 1, byStaff: false, attempt: 1, servedAt: null },
    ...{ queuedAt: at(second), onlyIdle },
  });
  const waiting = [
    one("hopeless", "carol", 1, { machineKind: "engine", nodes: 1, leaseUntil: at(1) }),
    one("early", "alice", 2),
    one("late", "carol", 3),
  ];
  const places = { fleetMax: 1, live: 0, idle: 0, claimed: 0, machines: [], underWay: [] };
  expect(planFleet({ ...places, waiting }).start).toEqual(["early"]);
});

test("a run whose machines are not to be had changes nothing for the others", () => {
  fc.assert(
    fc.property(demand, (wanted) => {
      const without = { ...wanted, waiting: wanted.waiting.filter(({ onlyIdle }) => onlyIdle === null) };
      expect(planFleet({ ...wanted, machines: [] })).toEqual(planFleet({ ...without, machines: [] }));
    }),
  );
});

test("each run that depends on the pool has a machine of its own there that fits", () => {
  fc.assert(
    fc.property(demand, (wanted) => {
      leftOver(wanted, planFleet(wanted).start);
    }),
  );
});

test("of one student and exercise two runs are never under way", () => {
  fc.assert(
    fc.property(demand, (wanted) => {
      const { start } = planFleet(wanted);
      const started = wanted.waiting.filter((run) => start.includes(run.id)).map(holder);
      expect(new Set(started).size).toBe(started.length);
      const before = new Set(wanted.underWay.map(holder));
      expect(started.filter((key) => before.has(key))).toEqual([]);
    }),
  );
});
const holder = (run: { student: string; exercise: string }) => `${run.student} ${run.exercise}`;

const timings = { launchPauseMs: { first: 5_000, longest: 300_000 } };
const now = new Date("2024-11-12T18:00:00Z");
const seconds = (pause: { until: Date }) => (pause.until.getTime() - now.getTime()) / 1000;

test("launches that fail in a row pause longer each time, up to the longest", () => {
  let pause = nextPause(null, "throttled", timings, now);
  const waits = [seconds(pause)];
  for (let i = 0; i < 8; i++) {
    pause = nextPause(pause, "insufficient-capacity", timings, now);
    waits.push(seconds(pause));
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test("a provider that needs a person is not asked again and again", () => {
  expect(seconds(nextPause(null, "misconfigured", timings, now))).toBe(300);
});

test("a pause ends at its instant", () => {
  const pause = nextPause(null, "throttled", timings, now);
  expect(isPaused(pause, new Date(pause.until.getTime() - 1))).toBe(true);
  expect(isPaused(pause, pause.until)).toBe(false);
  expect(isPaused(null, now)).toBe(false);
});

describe("after a failed launch", () => {
  const later = (pastMs: number) => new Date(now.getTime() + pastMs);

  test.each(["insufficient-capacity", "misconfigured"] as const)("%s is said of one kind alone", (kind) => {
    const pauses = new LaunchPauses(timings);
    pauses.failed("engine+kubernetes", kind, now);
    expect(pauses.isPaused("engine+kubernetes", now)).toBe(true);
    expect(pauses.isPaused("engine", now)).toBe(false);
    pauses.launched("engine");
    expect(pauses.isPaused("engine+kubernetes", now)).toBe(true);
    pauses.mended("engine+kubernetes");
    expect(pauses.isPaused("engine+kubernetes", now)).toBe(false);
  });

  test("a provider that asks to slow down is left alone by all, until a machine was launched", () => {
    const pauses = new LaunchPauses(timings);
    pauses.failed("engine+kubernetes", "throttled", now);
    expect(pauses.isPaused("engine", now)).toBe(true);
    pauses.failed("engine", "throttled", now);
    expect(pauses.isPaused("engine+kubernetes", later(9_999))).toBe(true);
    expect(pauses.isPaused("engine+kubernetes", later(10_000))).toBe(false);
    pauses.launched("engine");
    expect(pauses.isPaused("engine+kubernetes", now)).toBe(false);
  });

  test("a lack in one market says nothing of the other", () => {
    for (const kind of ["insufficient-capacity", "quota"] as const) {
      const pauses = new LaunchPauses(timings);
      pauses.failed("engine", kind, now, "on-demand");
      expect(pauses.isPaused("engine", now)).toBe(false);
      expect(pauses.isPaused("engine", now, "on-demand")).toBe(true);
      expect(pauses.isPaused("engine+kubernetes", now, "on-demand")).toBe(kind === "quota");
      pauses.launched("engine", "spot");
      expect(pauses.isPaused("engine", now, "on-demand")).toBe(true);
      pauses.launched("engine", "on-demand");
      expect(pauses.isPaused("engine", now, "on-demand")).toBe(false);
    }
  });

  test("each kind's pauses grow by its own failures", () => {
    const pauses = new LaunchPauses(timings);
    for (let i = 0; i < 3; i++) pauses.failed("engine+kubernetes", "insufficient-capacity", now);
    pauses.failed("engine", "insufficient-capacity", now);
    expect(pauses.isPaused("engine", later(5_000))).toBe(false);
    expect(pauses.isPaused("engine+kubernetes", later(19_999))).toBe(true);
    expect(pauses.isPaused("engine+kubernetes", later(20_000))).toBe(false);
  });
});

test("a clock that is set back leaves no pause to wait for: it would last as much longer", () => {
  const pauses = new LaunchPauses(timings);
  pauses.failed("engine", "throttled", now);
  expect(pauses.isPaused("engine", now)).toBe(true);
  const hourBack = new Date(now.getTime() - 3_600_000);
  expect(pauses.isPaused("engine", hourBack)).toBe(false);
  expect(pauses.troubleOf("engine", hourBack)).toBeNull();
});
