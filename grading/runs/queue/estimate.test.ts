import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateQueue, type Place, type QueueSight, usualOf } from "./estimate.ts";

const at = (second: number) => new Date(Date.UTC(2024, 10, 12, 18, 0, second));
type Waiting = QueueSight["waiting"][number];
const waits = (student: string, fields: Partial<Waiting> = {}): Waiting => ({
  ...{ id: student, student, exercise: "docker", number: 1, newest: 1, byStaff: false, attempt: 1 },
  ...{ queuedAt: at(0), servedAt: null, cannotStart: false },
  ...fields,
});
const underWay = (...seconds: number[]) =>
  seconds.map((elapsed, i) => ({ student: `busy ${i}`, exercise: "docker", seconds: elapsed }));
const sight = (fields: Partial<QueueSight>): QueueSight => ({
  fleetMax: 2,
  waiting: [waits("alice")],
  underWay: [],
  durations: new Map([["docker", [60, 60, 60]]]),
  ...fields,
});
const place = (fields: Partial<QueueSight>, id = "alice"): Place | undefined =>
  estimateQueue(sight(fields)).get(id);
const startsOf = (places: Map<string, Place>) =>
  [...places].map(([id, { estimate }]) => [
    id,
    estimate.outcome === "estimate" ? estimate.startSeconds : null,
  ]);

test("without history there is no estimate, and it says so", () => {
  expect(place({ durations: new Map() })).toEqual({
    position: 1,
    superseded: false,
    estimate: { outcome: "no-estimate", why: "No run of this exercise has finished yet." },
  });
});

test("with a free place a run starts now", () => {
  expect(place({ underWay: underWay(10) })?.estimate).toMatchObject({ startSeconds: 0, finishSeconds: 60 });
});

test("with a full fleet it starts when the first place is expected to be free", () => {
  expect(place({ underWay: underWay(10, 45) })?.estimate).toMatchObject({
    startSeconds: 15,
    finishSeconds: 75,
  });
});

test("once the run before it should have ended, it says how long that one takes, and names no other", () => {
  const overdue = (fields: Partial<QueueSight>, id?: string) => {
    const estimate = place(fields, id)?.estimate;
    return estimate?.outcome === "estimate" ? estimate.overdue : undefined;
  };
  expect(overdue({ underWay: underWay(10) })).toBeNull();
  expect(overdue({ underWay: underWay(10, 45) })).toBeNull();
  expect(overdue({ underWay: underWay(10, 95) })).toEqual({ seconds: 95, usualSeconds: 60 });
  // The second in the queue waits for the run that is in time.
  const waiting = [waits("a"), waits("b", { queuedAt: at(1) })];
  expect(overdue({ waiting, underWay: underWay(10, 95) }, "a")).toEqual({ seconds: 95, usualSeconds: 60 });
  expect(overdue({ waiting, underWay: underWay(10, 95) }, "b")).toBeNull();
});

test("an overdue estimate is told for exactly as long as a full fleet is late, whatever is under way", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 2 }), (seconds) => {
      const estimate = place({ underWay: underWay(...seconds) })?.estimate;
      const late = seconds.some((elapsed) => elapsed >= 60);
      expect(estimate).toMatchObject({ overdue: late ? { usualSeconds: 60 } : null });
    }),
  );
});

test("how long runs usually take is their median, and a tenth took as long as the slow ones", () => {
  expect(usualOf([])).toBeNull();
  expect(usualOf([30, 10, 20, 40, 50, 60, 70, 80, 90, 100])).toEqual({
    ...{ seconds: 50, slowSeconds: 90, basedOn: 10 },
  });
});

test("runs ahead take the places that become free first", () => {
  const waiting = ["a", "b", "c", "d"].map((student) => waits(student));
  const places = estimateQueue(sight({ waiting, underWay: underWay(10, 45) }));
  expect(startsOf(places)).toEqual([
    ["a", 15],
    ["b", 50],
    ["c", 75],
    ["d", 110],
  ]);
});

test("a run ahead lasts as long as its own exercise does", () => {
  const waiting = [waits("a", { exercise: "long" }), waits("b", { queuedAt: at(1) })];
  const durations = new Map([
    ["docker", [60]],
    ["long", [600]],
  ]);
  expect(startsOf(estimateQueue(sight({ fleetMax: 1, waiting, durations })))).toEqual([
    ["a", 0],
    ["b", 600],
  ]);
});

test("a run that takes longer than usual is expected to end any moment", () => {
  expect(place({ fleetMax: 1, underWay: underWay(500) })?.estimate).toMatchObject({ startSeconds: 0 });
});

test("one slow run in ten does not move the median but the slow estimate", () => {
  const durations = new Map([["docker", [60, 60, 60, 60, 60, 60, 60, 60, 300, 300]]]);
  expect(place({ durations })?.estimate).toMatchObject({
    finishSeconds: 60,
    slowFinishSeconds: 300,
    basedOn: 10,
  });
});

test("places follow the fair order: a classmate comes before what a newer submission supersedes", () => {
  const own = [1, 2, 3].map((number) =>
    waits("alice", { id: `alice ${number}`, number, newest: 3, queuedAt: at(number) }),
  );
  const places = estimateQueue(sight({ fleetMax: 1, waiting: [...own, waits("bob", { queuedAt: at(9) })] }));
  expect([...places.keys()]).toEqual(["alice 3", "bob", "alice 2", "alice 1"]);
  expect(places.get("alice 3")).toMatchObject({ position: 1, superseded: false });
  expect(places.get("alice 1")).toMatchObject({ position: 4, superseded: true });
});

test("a student's second run of an exercise starts after the first, though a place is free", () => {
  const waiting = [waits("alice", { id: "newer", number: 2, newest: 2 }), waits("alice", { newest: 2 })];
  expect(startsOf(estimateQueue(sight({ waiting })))).toEqual([
    ["newer", 0],
    ["alice", 60],
  ]);
});

test("a run that cannot start holds up nobody, and is counted behind all who can", () => {
  const waiting = [waits("alice", { cannotStart: true }), waits("bob", { queuedAt: at(1) })];
  expect([...estimateQueue(sight({ fleetMax: 1, waiting })).keys()]).toEqual(["bob", "alice"]);
});

const anyWaiting = fc.record({
  student: fc.constantFrom("a", "b", "c", "d"),
  exercise: fc.constantFrom("docker", "other"),
  number: fc.integer({ min: 1, max: 5 }),
  attempt: fc.integer({ min: 1, max: 2 }),
  cannotStart: fc.boolean(),
  byStaff: fc.boolean(),
});
const anySight = fc.record({
  fleetMax: fc.integer({ min: 1, max: 20 }),
  waiting: fc.array(anyWaiting, { maxLength: 40 }),
  underWay: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 30 }),
  durations: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }),
});

test("every queued run has one place, further back never starts earlier, and slow is never faster", () => {
  fc.assert(
    fc.property(anySight, (drawn) => {
      const places = estimateQueue({
        fleetMax: drawn.fleetMax,
        waiting: drawn.waiting.map((one, i) => waits(one.student, { ...one, id: `${i}`, newest: 5 })),
        underWay: underWay(...drawn.underWay),
        durations: new Map([["docker", drawn.durations]]),
      });
      expect([...places.values()].map(({ position }) => position)).toEqual(
        drawn.waiting.map((_, i) => i + 1),
      );
      let before = 0;
      for (const [id, { estimate }] of places) {
        if (estimate.outcome !== "estimate" || drawn.waiting[Number(id)]?.cannotStart) continue;
        expect(estimate.startSeconds).toBeGreaterThanOrEqual(before);
        before = estimate.startSeconds;
        expect(estimate.slowFinishSeconds).toBeGreaterThanOrEqual(estimate.finishSeconds);
      }
    }),
  );
});
