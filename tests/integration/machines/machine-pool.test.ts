import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LaunchError } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { emptyPool } from "#workers/reconcilers/machine-pool.ts";
import { submitKubernetes } from "../runs/fleet-bench.ts";
import { minuteMs, openPoolBench, type PoolBench } from "./pool-bench.ts";

let bench: PoolBench;
beforeEach(async () => {
  bench = await openPoolBench(2);
});
afterEach(() => bench.close());

describe("the pool", () => {
  test("is filled to its size, and not beyond", async () => {
    for (let pass = 0; pass < 4; pass++) await bench.keep(2);
    expect(await bench.pool()).toHaveLength(2);
    expect(bench.provider.machines.size).toBe(2);
    expect(await bench.only().catch((error: Error) => error.message)).toBe("There are 2.");
  });

  test("takes no place that a queued run wants, and none above the fleet's limit", async () => {
    const { runId } = await bench.submit();
    await bench.submit();
    await bench.keep(1);
    expect(await bench.pool()).toHaveLength(0);
    await bench.starter.start(runId);
    await bench.keep(1);
    expect(await bench.pool()).toHaveLength(0);
  });

  test("gives way to a run that the provider's quota has no machine for beside it, and comes back after it", async () => {
    await bench.keep(1);
    const { id } = await bench.only();
    const { runId } = await bench.submit();
    bench.provider.failures.push(new LaunchError("quota", "Two vCPUs are all."));
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "no-machine", kind: "quota" });
    await bench.keep(1);
    expect(await bench.db.machine.findUniqueOrThrow({ where: { id } })).toMatchObject({
      ...{ state: "draining", endCode: "made_room" },
    });
    await bench.store.closeMachine(id);
    bench.pass(defaultTimings.launchPauseMs.first);
    await bench.keep(1);
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
    await bench.keep(1);
    expect((await bench.pool()).map(({ state }) => state)).toEqual(["terminated", "booting"]);
  });

  test("has the places that no run of a student's own queue may take while one is under way", async () => {
    const { userId, runId } = await bench.submit();
    await bench.starter.start(runId);
    for (const number of [2, 3, 4, 5, 6]) await bench.submit({ userId, number });
    await bench.keep(1);
    expect(await bench.pool()).toHaveLength(1);
  });

  test("has the places of runs that wait for another machine's image", async () => {
    for (let runs = 0; runs < 3; runs++) await bench.submit();
    bench.ready = ["engine+kubernetes"];
    await bench.keep(1);
    expect(await bench.pool()).toHaveLength(1);
  });

  test("waits for the machine's image to be made", async () => {
    bench.imageMissing = "It is being made.";
    await bench.keep();
    expect(await bench.pool()).toHaveLength(0);
  });

  test("has the nodes that runs of the last half hour asked for, or the last one before", async () => {
    await bench.keep();
    const before = await bench.only();
    expect(before.poolNodes).toBe(1);
    await bench.handedIn(2);
    await bench.keep();
    expect(await bench.db.machine.findUniqueOrThrow({ where: { id: before.id } })).toMatchObject({
      state: "draining",
      endCode: "other_nodes",
      endReason: "Runs ask for another number of nodes now.",
    });
    expect((await bench.pool()).filter(({ poolNodes }) => poolNodes === 2)).toMatchObject([
      { state: "booting" },
    ]);
  });

  test("keeps its machine while exercises with 1 and 2 nodes are handed in by turns", async () => {
    await bench.keep();
    const { id } = await bench.only();
    for (const nodes of [1, 2, 1, 2, 2, 2, 1, 2]) {
      await bench.handedIn(nodes);
      bench.pass(3 * minuteMs);
      await bench.keep();
    }
    expect(await bench.only()).toMatchObject({ id, state: "booting" });
    // Nobody asked for 1 node in the last half hour.
    bench.pass(20 * minuteMs);
    await bench.handedIn(2);
    bench.pass(8 * minuteMs);
    await bench.keep();
    expect((await bench.pool()).map(({ poolNodes, endCode }) => [poolNodes, endCode])).toEqual([
      [1, "other_nodes"],
      [2, null],
    ]);
  });

  test("replaces a machine whose lease would be too short for a run", async () => {
    const { id } = await bench.warmMachine();
    bench.pass(defaultTimings.poolLeaseMs - 11 * minuteMs);
    await bench.keep();
    expect(await bench.db.machine.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: "draining" });
    expect(await bench.pool()).toHaveLength(2);
  });

  test("is not filled again and again with machines that cannot start their Kubernetes", async () => {
    await bench.keep();
    const { id } = await bench.only();
    await bench.store.endMachine({ machineId: id, how: "lost", reason: "The machine was interrupted." });
    await bench.keep();
    expect(await bench.pool()).toHaveLength(1);
    bench.pass(defaultTimings.imagePauseMs + 1);
    await bench.keep();
    expect(await bench.pool()).toHaveLength(2);
  });

  test("does not stand still after the clock was ahead when a machine failed", async () => {
    await bench.keep();
    const { id } = await bench.only();
    const hourMs = 60 * minuteMs;
    bench.jump(hourMs);
    await bench.store.endMachine({ machineId: id, how: "lost", reason: "The machine was interrupted." });
    bench.jump(-hourMs);
    await bench.keep();
    expect(await bench.pool()).toHaveLength(2);
  });

  test("sees what fails now, though the newest row is from when the clock was ahead", async () => {
    const hourMs = 60 * minuteMs;
    const fail = async () => {
      for (const { id } of await bench.pool())
        await bench.store.endMachine({ machineId: id, how: "lost", reason: "The machine was interrupted." });
    };
    bench.jump(hourMs);
    await bench.keep();
    await fail();
    bench.jump(-hourMs);
    await bench.keep();
    expect(await bench.pool()).toHaveLength(2);
    await fail();
    await bench.keep();
    expect(await bench.pool()).toHaveLength(2);
  });

  test("tells failures from machines that were sent away by codes: the words may change", async () => {
    await bench.keep();
    const { id } = await bench.only();
    await bench.store.endMachine({ machineId: id, how: "lost", reason: "A run needed its place." });
    await bench.keep();
    expect(await bench.only()).toMatchObject({ endCode: "lost" });
  });

  test("ends with its worker, but for what a run has taken", async () => {
    await bench.keep(2);
    await bench.keep(2);
    const runId = await submitKubernetes(bench);
    await bench.starter.start(runId);
    await emptyPool(bench.fleet());
    const machines = await bench.pool();
    expect(machines.filter((machine) => machine.state === "terminated")).toMatchObject([
      { endReason: "The worker was stopped.", runId: null },
    ]);
    expect([...bench.provider.machines.keys()]).toEqual(
      machines.filter((machine) => machine.runId === runId).map(({ id }) => id),
    );
  });

  test("keeps no row of a machine that the provider did not launch, and tries again after the launch's pause", async () => {
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await bench.keep();
    expect(await bench.only()).toMatchObject({ state: "terminated", endCode: "not_launched" });
    expect(Number((await bench.only()).costUsd)).toBe(0);
    bench.pass(defaultTimings.launchPauseMs.first);
    await bench.keep();
    expect(await bench.pool()).toHaveLength(2);
  });

  test("tells staff of a wrong set-up, since no run's launch would be the first to find it", async () => {
    bench.provider.failures.push(new LaunchError("misconfigured", "The image is missing."));
    await bench.keep();
    expect(await bench.starter.start(await submitKubernetes(bench))).toMatchObject({ outcome: "waiting" });
    // The other kind's machines are there, and say nothing of this one's.
    expect(await bench.starter.start((await bench.submit()).runId)).toMatchObject({ outcome: "started" });
    const reason = "The machine for Kubernetes exercises cannot be started: The image is missing.";
    expect(await bench.db.notice.findMany()).toMatchObject([
      { code: "fleet.misconfigured", reason, closedAt: null },
    ]);
  });
});
