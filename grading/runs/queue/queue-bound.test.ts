import fc from "fast-check";
import { expect, test } from "vitest";
import { beyondBound, maxWaiting, type QueuedOfStudent } from "./queue-bound.ts";

const queued = (number: number, fields: Partial<QueuedOfStudent> = {}): QueuedOfStudent => ({
  id: `run ${number}`,
  number,
  attempt: 1,
  byStaff: false,
  ...fields,
});

test("the newest five go on waiting, older ones do not", () => {
  const runs = [3, 1, 7, 5, 2, 6, 4].map((number) => queued(number));
  expect(beyondBound(runs)).toEqual(["run 2", "run 1"]);
  expect(beyondBound(runs.slice(0, 5))).toEqual([]);
});

test("never the newest submission, what staff asked for, or what has had its turn", () => {
  const anyRun = fc.record({
    number: fc.integer({ min: 1, max: 100 }),
    attempt: fc.integer({ min: 1, max: 3 }),
    byStaff: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(anyRun, { selector: (run) => run.number, maxLength: 30 }), (drawn) => {
      const runs = drawn.map((run) => queued(run.number, run));
      const ended = new Set(beyondBound(runs));
      const newest = Math.max(...runs.map((run) => run.number));
      for (const run of runs) {
        if (run.number === newest || run.byStaff || run.attempt > 1) expect(ended).not.toContain(run.id);
      }
      const left = runs.filter((run) => !ended.has(run.id) && !run.byStaff && run.attempt === 1);
      expect(left.length).toBeLessThanOrEqual(maxWaiting);
    }),
  );
});
