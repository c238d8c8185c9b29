import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateWait, type QueueSight, reasonToWait } from "./estimate.ts";

const sight = (fields: Partial<QueueSight>): QueueSight => ({
  position: 1,
  fleetMax: 2,
  underWaySeconds: [],
  durations: [60, 60, 60],
  ...fields,
});

test("without history there is no estimate, and it says so", () => {
  expect(estimateWait(sight({ position: 4, durations: [] }))).toEqual({
    outcome: "no-estimate",
    position: 4,
    why: "No run of this exercise has finished yet.",
  });
});

test("with a free place a run starts now", () => {
  expect(estimateWait(sight({ underWaySeconds: [10] }))).toMatchObject({
    startSeconds: 0,
    finishSeconds: 60,
  });
});

test("with a full fleet it starts when the first place is expected to be free", () => {
  expect(estimateWait(sight({ underWaySeconds: [10, 45] }))).toMatchObject({
    startSeconds: 15,
    finishSeconds: 75,
  });
});

test("runs ahead take the places that become free first", () => {
  const full = { underWaySeconds: [10, 45] };
  const starts = [1, 2, 3, 4].map((position) => {
    const estimate = estimateWait(sight({ ...full, position }));
    return estimate.outcome === "estimate" ? estimate.startSeconds : null;
  });
  expect(starts).toEqual([15, 50, 75, 110]);
});

test("a run that takes longer than usual is expected to end any moment", () => {
  expect(estimateWait(sight({ fleetMax: 1, underWaySeconds: [500] }))).toMatchObject({ startSeconds: 0 });
});

test("one slow run in ten does not move the median but the slow estimate", () => {
  const durations = [60, 60, 60, 60, 60, 60, 60, 60, 300, 300];
  expect(estimateWait(sight({ durations }))).toMatchObject({
    finishSeconds: 60,
    slowFinishSeconds: 300,
    basedOn: 10,
  });
});

const anySight = fc.record({
  position: fc.integer({ min: 1, max: 200 }),
  fleetMax: fc.integer({ min: 1, max: 20 }),
  underWaySeconds: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }),
  durations: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }),
});

test("further back never starts earlier, and slow is never faster", () => {
  fc.assert(
    fc.property(anySight, (drawn) => {
      const here = estimateWait(drawn);
      const behind = estimateWait({ ...drawn, position: drawn.position + 1 });
      if (here.outcome !== "estimate" || behind.outcome !== "estimate") throw new Error("There is history.");
      expect(behind.startSeconds).toBeGreaterThanOrEqual(here.startSeconds);
      expect(here.slowFinishSeconds).toBeGreaterThanOrEqual(here.finishSeconds);
      expect(here.startSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("a run waits for what it was told, but not for how its attempt before ended", () => {
  const reason = "The machine for Kubernetes exercises is being made.";
  expect(reasonToWait({ reason: null, attempt: 1, claims: [] })).toBeNull();
  expect(reasonToWait({ reason, attempt: 1, claims: [] })).toBe(reason);
  const again = { attempt: 2, claims: [{ attempt: 1, outcome: "The machine went silent." }] };
  expect(reasonToWait({ ...again, reason: "The machine went silent." })).toBeNull();
  expect(reasonToWait({ ...again, reason })).toBe(reason);
});
