import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClassWork } from "./coming-deadlines.ts";
import { type CapacityReads, type HoldSettings, holdForDeadlines } from "./hold-ahead.ts";

const start = new Date("2024-11-15T11:30:00Z");
const dueAt = new Date("2024-11-15T12:00:00Z");
const kubernetes = "engine+kubernetes";
const students = (count: number, due = dueAt) =>
  Array.from({ length: count }, () => ({ dueAt: due, handedIn: false }));
const work = (machineKind: string, count: number, others: Partial<ClassWork> = {}): ClassWork => ({
  ...{ title: `Due on ${machineKind}`, machineKind, nodes: machineKind === kubernetes ? 1 : 0 },
  ...{ timeoutSeconds: 600, students: students(count), ...others },
});
const usual: HoldSettings = {
  ...{ cap: 100, quotaVcpus: null, vcpusOf: () => 2, bootSeconds: 60 },
  always: { kind: kubernetes, machines: 0 },
};

/** A database that has just this, and counts how often it is asked. */
function readsOf(works: ClassWork[], others: Partial<CapacityReads> = {}) {
  const asked = { works: 0, past: 0 };
  const reads: CapacityReads = {
    readWorks: async () => {
      asked.works += 1;
      return works;
    },
    readPast: async () => {
      asked.past += 1;
      return [];
    },
    readFigures: async () => [],
    readLoads: async () => [],
    ...others,
  };
  return { reads, asked };
}

const holdAt = (
  now: Date,
  works: ClassWork[],
  settings: Partial<HoldSettings> = {},
  others: Partial<CapacityReads> = {},
) => holdForDeadlines(readsOf(works, others).reads, { ...usual, ...settings }, () => now).hold();

describe("machines that are held for coming deadlines", () => {
  test("are of the kinds that are due, as what is due first asks for them", async () => {
    const later = students(50, new Date(+dueAt + 24 * 3_600_000));
    const [engines, clusters, ...more] = await holdAt(start, [
      work("engine", 200),
      work(kubernetes, 150, { nodes: 2 }),
      work(kubernetes, 0, { nodes: 3, students: later }),
    ]);
    expect(more).toEqual([]);
    expect(engines).toMatchObject({ kind: "engine", demand: [{ nodes: 0, timeoutSeconds: 600, runs: 200 }] });
    expect(engines?.machines).toBeGreaterThan(1);
    expect(engines?.why).toMatch(/^Due on engine is due in 30 minutes \(0 of 200 have handed in\)/);
    expect(clusters).toMatchObject({ kind: kubernetes, demand: [{ nodes: 2, runs: 150 }] });
  });

  test("are none where nothing is due, nor once it was", async () => {
    expect(await holdAt(start, [])).toEqual([]);
    expect(await holdAt(dueAt, [work("engine", 200)])).toEqual([]);
  });

  test("are the more the longer machines of their kind took to start", async () => {
    const figures = (bootSeconds: number | null) => ({
      readFigures: async () => [{ kind: "engine", bootSeconds, runSeconds: null }],
    });
    const [slow] = await holdAt(start, [work("engine", 200)], {}, figures(200));
    const [usually] = await holdAt(start, [work("engine", 200)], {}, figures(null));
    expect(slow?.machines).toBeGreaterThan(usually?.machines ?? 0);
  });

  test("leave the places of those that wait whatever comes", async () => {
    const all = await holdAt(start, [work("engine", 500)], { cap: 6 });
    const left = await holdAt(start, [work("engine", 500)], {
      ...{ cap: 6, always: { kind: kubernetes, machines: 2 } },
    });
    expect((all[0]?.machines ?? 0) - (left[0]?.machines ?? 0)).toBe(2);
  });

  test("never pass the fleet's places and the quota, with those that are at work", async () => {
    const load = fc.record({ waiting: fc.nat(20), underWay: fc.nat(20) });
    const given = fc.record({
      ...{ cap: fc.integer({ min: 1, max: 40 }), quotaVcpus: fc.integer({ min: 1, max: 80 }) },
      ...{ always: fc.nat(4), engines: load, clusters: load, lead: fc.integer({ min: 1, max: 7200 }) },
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ cap, quotaVcpus, always, engines, clusters, lead }) => {
        const now = new Date(+dueAt - lead * 1000);
        const vcpusOf = (kind: string) => (kind === kubernetes ? 4 : 2);
        const hold = await holdAt(
          now,
          [work("engine", 300), work(kubernetes, 300)],
          { cap, quotaVcpus, vcpusOf, always: { kind: kubernetes, machines: always } },
          {
            readLoads: async () => [
              { kind: "engine", ...engines },
              { kind: kubernetes, ...clusters },
            ],
          },
        );
        const machines = hold.reduce((sum, one) => sum + one.machines, 0);
        const vcpus = hold.reduce((sum, one) => sum + one.machines * vcpusOf(one.kind), 0);
        const busy = engines.waiting + engines.underWay + clusters.waiting + clusters.underWay;
        const busyVcpus =
          2 * (engines.waiting + engines.underWay) + 4 * (clusters.waiting + clusters.underWay);
        if (machines === 0) return;
        expect(machines + busy + always).toBeLessThanOrEqual(cap);
        expect(vcpus + busyVcpus + 4 * always).toBeLessThanOrEqual(quotaVcpus);
      }),
    );
  });

  test("are planned every 15 s, and how a class hands in is learned every ten minutes", async () => {
    let now = start;
    const { reads, asked } = readsOf([work("engine", 200)]);
    const ahead = holdForDeadlines(reads, usual, () => now);
    const first = await ahead.hold();
    now = new Date(+start + 14_999);
    expect(await ahead.hold()).toBe(first);
    expect(asked).toEqual({ works: 2, past: 1 });
    now = new Date(+start + 15_000);
    expect(await ahead.hold()).not.toBe(first);
    expect(asked).toEqual({ works: 3, past: 1 });
    now = new Date(+start + 600_000);
    await ahead.hold();
    expect(asked.past).toBe(2);
    // A clock that is set back does not keep the plan of the time that it showed.
    now = start;
    await ahead.hold();
    expect(asked).toEqual({ works: 7, past: 3 });
  });
});
