import fc from "fast-check";
import { expect, test } from "vitest";
import { type PooledMachine, type PoolWish, planPool } from "./plan-pool.ts";

const start = new Date("2024-11-12T18:00:00Z").getTime();
const minutes = (count: number) => new Date(start + count * 60_000);
const asked = (nodes: number, runs = 1, lease = 12) => ({ nodes, runs, leaseUntil: minutes(lease) });
const wish: PoolWish = { size: 2, demand: [asked(1)] };
const machine = (id: string, fields: Partial<PooledMachine> = {}): PooledMachine => ({
  id,
  nodes: 1,
  leaseUntil: minutes(60),
  ...fields,
});

test("what would not do for any run of the while is replaced, and of too many those end that live shortest", () => {
  const other = machine("other", { nodes: 2 });
  const old = machine("old", { leaseUntil: minutes(11) });
  expect(planPool([other, old, machine("a")], wish)).toEqual({
    retire: [
      { id: "other", code: "other_nodes" },
      { id: "old", code: "too_old" },
    ],
    launch: [{ nodes: 1, leaseUntil: minutes(12) }],
  });
  const short = machine("short", { leaseUntil: minutes(20) });
  expect(planPool([short, machine("a"), machine("b")], wish)).toEqual({
    retire: [{ id: "short", code: "too_many" }],
    launch: [],
  });
});

test("a pool of none is empty", () => {
  expect(planPool([machine("a")], { ...wish, size: 0 })).toMatchObject({ retire: [{ id: "a" }], launch: [] });
});

test("places are shared by how many runs asked, and each machine lives as long as the longest of its runs", () => {
  const demand = [asked(1, 5), asked(1, 1, 40), asked(2, 3)];
  expect(planPool([], { size: 3, demand }).launch).toEqual([
    { nodes: 1, leaseUntil: minutes(40) },
    { nodes: 1, leaseUntil: minutes(40) },
    { nodes: 2, leaseUntil: minutes(12) },
  ]);
  // One that waits already counts.
  expect(planPool([machine("a"), machine("b")], { size: 3, demand }).launch).toMatchObject([{ nodes: 2 }]);
});

const idleMachines = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1 }),
    nodes: fc.integer({ min: 1, max: 3 }),
    leaseUntil: fc.integer({ min: 0, max: 90 }).map(minutes),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const demands = fc.array(
  fc.record({
    nodes: fc.integer({ min: 1, max: 3 }),
    runs: fc.integer({ min: 1, max: 40 }),
    leaseUntil: fc.integer({ min: 0, max: 60 }).map(minutes),
  }),
  { minLength: 1, maxLength: 5 },
);

test("after its plan the pool has as many machines as are wanted, each fit for some run of the while", () => {
  fc.assert(
    fc.property(idleMachines, demands, fc.integer({ min: 0, max: 6 }), (machines, demand, size) => {
      const plan = planPool(machines, { size, demand });
      const gone = new Set(plan.retire.map(({ id }) => id));
      expect(gone.size).toBe(plan.retire.length);
      const kept = machines.filter(({ id }) => !gone.has(id));
      expect(kept.length + plan.launch.length).toBe(size);
      const fits = (one: { nodes: number; leaseUntil: Date }) =>
        demand.some(({ nodes, leaseUntil }) => nodes === one.nodes && leaseUntil <= one.leaseUntil);
      expect([...kept, ...plan.launch].every(fits)).toBe(true);
      // Nothing that would do is sent away while there is room for it.
      for (const { id, code } of plan.retire) {
        const one = machines.find((other) => other.id === id);
        if (one && fits(one)) expect([code, kept.length]).toEqual(["too_many", size]);
      }
    }),
  );
});

test("exercises that are handed in by turns change no machine: only a run takes one, and only then is one made", () => {
  const shapes = [
    { nodes: 1, lease: 12 },
    { nodes: 2, lease: 12 },
    { nodes: 1, lease: 32 },
    { nodes: 3, lease: 22 },
  ];
  const handIns = fc.array(fc.record({ shape: fc.nat(3), taken: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(handIns, fc.integer({ min: 1, max: 3 }), (later, size) => {
      // Each was handed in before, and comes again within the while that is remembered.
      const runs = [0, 1, 2, 3, ...later.map(({ shape }) => shape)];
      let idle: PooledMachine[] = [];
      let made = 0;
      let taken = 0;
      const keep = (upTo: number) => {
        const demand = shapes.map(({ nodes, lease }, shape) =>
          asked(nodes, runs.slice(0, upTo).filter((one) => one === shape).length, lease),
        );
        const plan = planPool(idle, { size, demand });
        expect(plan.retire).toEqual([]);
        for (const { nodes } of plan.launch)
          idle.push(machine(`m${made++}`, { nodes, leaseUntil: minutes(120) }));
      };
      keep(4);
      later.forEach(({ shape, taken: takes }, index) => {
        const fit = idle.find(({ nodes }) => nodes === shapes[shape]?.nodes);
        if (takes && fit) {
          idle = idle.filter((one) => one !== fit);
          taken += 1;
        }
        keep(index + 5);
      });
      expect(made).toBe(size + taken);
    }),
  );
});
