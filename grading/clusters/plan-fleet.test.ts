import fc from "fast-check";
import { expect, test } from "vitest";
import { isPaused, nextPause } from "./launch-pause.ts";
import { planFleet } from "./plan-fleet.ts";

const waiting = fc.record({
  id: fc.uuid(),
  student: fc.constantFrom("a", "b", "c", "d", "e"),
  exercise: fc.constantFrom("x", "y"),
  number: fc.integer({ min: 1, max: 5 }),
  newest: fc.integer({ min: 1, max: 5 }),
  byStaff: fc.boolean(),
  queuedAt: fc.date({ min: new Date(0), max: new Date(1e9), noInvalidDate: true }),
  attempt: fc.integer({ min: 1, max: 2 }),
  servedAt: fc.constant(null),
});
const demand = fc
  .record({
    fleetMax: fc.integer({ min: 1, max: 20 }),
    busy: fc.integer({ min: 0, max: 30 }),
    idle: fc.integer({ min: 0, max: 10 }),
    claimed: fc.integer({ min: 0, max: 5 }),
    waiting: fc.uniqueArray(waiting, { maxLength: 30, selector: (run) => run.id }),
    underWay: fc.array(
      fc.record({ student: fc.constantFrom("a", "b", "f"), exercise: fc.constantFrom("x", "y") }),
    ),
  })
  .map(({ busy, ...wanted }) => ({ ...wanted, live: busy + wanted.idle }));

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
      expect(wanted.waiting.filter((run) => !start.includes(run.id) && !held.has(holder(run)))).toEqual([]);
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
