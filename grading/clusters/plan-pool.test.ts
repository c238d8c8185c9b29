import fc from "fast-check";
import { expect, test } from "vitest";
import { type IdleMachine, planPool, poolReasons } from "./plan-pool.ts";

const start = new Date("2024-11-12T18:00:00Z").getTime();
const minutes = (count: number) => new Date(start + count * 60_000);
const wish = { size: 2, nodes: 1, leaseUntil: minutes(12) };
const machine = (id: string, fields: Partial<IdleMachine> = {}): IdleMachine => ({
  id,
  nodes: 1,
  leaseUntil: minutes(60),
  ...fields,
});

test("what would not do for the next run is replaced, and of too many those end that live shortest", () => {
  const other = machine("other", { nodes: 2 });
  const old = machine("old", { leaseUntil: minutes(11) });
  expect(planPool([other, old, machine("a")], wish)).toEqual({
    retire: [
      { id: "other", reason: poolReasons.otherNodes },
      { id: "old", reason: poolReasons.tooOld },
    ],
    launch: 1,
  });
  const short = machine("short", { leaseUntil: minutes(20) });
  expect(planPool([short, machine("a"), machine("b")], wish)).toEqual({
    retire: [{ id: "short", reason: poolReasons.tooMany }],
    launch: 0,
  });
});

test("a pool of none is empty", () => {
  expect(planPool([machine("a")], { ...wish, size: 0 })).toMatchObject({ retire: [{ id: "a" }], launch: 0 });
});

test("after its plan the pool has as many machines as are wanted, all fit for the next run", () => {
  const idle = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1 }),
      nodes: fc.integer({ min: 1, max: 3 }),
      leaseUntil: fc.integer({ min: 0, max: 90 }).map(minutes),
    }),
    { selector: ({ id }) => id, maxLength: 12 },
  );
  fc.assert(
    fc.property(idle, fc.integer({ min: 0, max: 6 }), (machines, size) => {
      const plan = planPool(machines, { ...wish, size });
      const gone = new Set(plan.retire.map(({ id }) => id));
      expect(gone.size).toBe(plan.retire.length);
      const kept = machines.filter(({ id }) => !gone.has(id));
      expect(kept.length + plan.launch).toBe(size);
      for (const one of kept) {
        expect(one.nodes).toBe(wish.nodes);
        expect(one.leaseUntil.getTime()).toBeGreaterThanOrEqual(wish.leaseUntil.getTime());
      }
      // Nothing that would do is sent away while machines are launched.
      if (plan.launch > 0)
        expect(plan.retire.every(({ reason }) => reason !== poolReasons.tooMany)).toBe(true);
    }),
  );
});
