import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HeldKind, holdForDeadlines } from "#grading/machines/capacity/hold-ahead.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createCapacityReads } from "#infra/db/machines/capacity-reads.ts";
import { minuteMs, openPoolBench, type PoolBench } from "./pool-bench.ts";

// The pool where machines of any kind are held for what is due.
const fleetMax = 6;
let bench: PoolBench;
beforeEach(async () => {
  bench = await openPoolBench(fleetMax);
});
afterEach(() => bench.close());

const held = (kind: string, machines: number, nodes = 0): HeldKind => ({
  ...{ kind, machines, why: "It is due." },
  demand: [{ nodes, timeoutSeconds: 600, runs: 10 }],
});
const keep = (holds: HeldKind[], size = 0) => bench.keep(size, { hold: async () => holds });
const waiting = async () =>
  (await bench.pool())
    .filter(({ state, runId }) => runId === null && !["draining", "terminated"].includes(state))
    .map(({ machineKind, poolNodes }) => `${machineKind} ${poolNodes}`)
    .sort();

describe("the pool before a deadline", () => {
  test("has as many machines of each kind as are held, those of its size among them", async () => {
    await keep([held("engine", 2), held("engine+kubernetes", 1, 2)], 1);
    await keep([held("engine", 2), held("engine+kubernetes", 1, 2)], 1);
    expect(await waiting()).toEqual(["engine 0", "engine 0", "engine+kubernetes 2"]);
  });

  test("is emptied again, but for its size, when nothing is held any more", async () => {
    await keep([held("engine", 2)], 1);
    expect(await waiting()).toHaveLength(3);
    await keep([], 1);
    expect(await waiting()).toEqual(["engine+kubernetes 1"]);
    expect(await bench.pool()).toContainEqual(
      expect.objectContaining({ machineKind: "engine", state: "draining", endCode: "too_many" }),
    );
  });

  test("never passes the fleet's places, whatever is held", async () => {
    for (let runs = 0; runs < 2; runs++) await bench.starter.start((await bench.submit()).runId);
    for (let pass = 0; pass < 4; pass++) await keep([held("engine", 9)]);
    expect(await waiting()).toHaveLength(fleetMax - 2);
    expect(bench.provider.machines.size).toBe(fleetMax);
  });

  test("stops asking at the first machine that is not to be had", async () => {
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await keep([held("engine", 3)]);
    expect(await waiting()).toEqual([]);
    expect(await bench.pool()).toHaveLength(1);
    bench.pass(defaultTimings.launchPauseMs.first);
    await keep([held("engine", 3)]);
    expect(await waiting()).toHaveLength(3);
  });
});

describe("a machine that is held without a Kubernetes", () => {
  test("waits with its engine, and is a run's at once", async () => {
    await keep([held("engine", 1)]);
    const { id } = await bench.only();
    const { session, warmUp } = await bench.service.openSession(bench.tokenOf(id));
    expect(warmUp).toEqual({ machineKind: "engine", nodes: 0 });
    await bench.service.reportWarm(session);
    expect(await bench.service.nextRun(session)).toBeNull();
    const { runId } = await bench.submit();
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", machineId: id });
    expect(await bench.service.nextRun(session)).toMatchObject({ runId });
  });

  test("grades a run while no other can be launched: what waits must not be waited for", async () => {
    await keep([held("engine", 1)]);
    const { id } = await bench.only();
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await keep([held("engine", 2)]);
    expect(bench.launcher.isPaused("engine")).toBe(true);
    const { runId } = await bench.submit();
    const offered: string[] = [];
    await bench.sweep(offered).pass();
    expect(offered).toEqual([runId]);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", machineId: id });
    // The next one has none to take.
    expect(await bench.starter.start((await bench.submit()).runId)).toMatchObject({ outcome: "waiting" });
  });
});

test("from what Postgres knows machines are held before the surge, and none after the deadline", async () => {
  const { db, course } = bench;
  for (let i = 0; i < 60; i++) await bench.addStudent(`Due ${i}`);
  const dueAt = new Date(bench.now().getTime() + 20 * minuteMs);
  await db.assignment.update({ where: { id: course.assignmentId }, data: { dueAt } });
  const own = { provider: "memory", timings: defaultTimings };
  const ahead = holdForDeadlines(
    createCapacityReads(db, own),
    {
      ...{ cap: fleetMax, quotaVcpus: 8, vcpusOf: () => 2, bootSeconds: 60 },
      always: { kind: "engine+kubernetes", machines: 0 },
    },
    bench.now,
  );
  const kept: number[] = [];
  for (const after of [0, 9, 11]) {
    bench.pass(after * minuteMs);
    for (let pass = 0; pass < 2; pass++) await bench.keep(0, ahead);
    kept.push((await waiting()).length);
  }
  expect(kept[0]).toBeGreaterThan(0);
  expect(kept[0]).toBeLessThanOrEqual(4);
  expect(kept[2]).toBe(0);
});
