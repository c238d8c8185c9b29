import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LaunchError } from "#grading/clusters/provider.ts";
import { defaultTimings } from "#grading/clusters/timings.ts";
import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import { emptyPool, machinePool } from "#workers/reconcilers/machine-pool.ts";
import { type FleetBench, fullResult, openFleetBench, submitKubernetes } from "./fleet-bench.ts";

const fleetMax = 2;
const minuteMs = 60_000;
let bench: FleetBench;
let imageMissing: string | null;
beforeEach(async () => {
  imageMissing = null;
  bench = await openFleetBench({ fleetMax });
});
afterEach(() => bench.close());

const parts = () => bench.fleet();

/** One look of the reconciler that keeps the pool. */
async function keep(size = 1): Promise<void> {
  const images = { ready: () => [], ask: () => imageMissing };
  await machinePool(parts(), { size, fleetMax }, bench.launcher, images).pass();
}

const pool = () => bench.db.cluster.findMany({ where: { poolNodes: { not: null } }, orderBy: { id: "asc" } });
const only = async () => {
  const [cluster, ...others] = await pool();
  if (!cluster || others.length > 0) throw new Error(`There are ${others.length + (cluster ? 1 : 0)}.`);
  return cluster;
};

/** The pool's machine, as far as its agent has come. */
async function warmMachine() {
  await keep();
  const { id } = await only();
  const { session, warmUp } = await bench.service.openSession(tokenOf(id));
  await bench.service.reportWarm(session);
  return { id, session, warmUp };
}

const tokenOf = (clusterId: string) => {
  const machine = bench.provider.machines.get(clusterId);
  if (!machine) throw new Error(`Cluster ${clusterId} has no machine.`);
  return machine.spec.userData.token;
};

describe("the pool", () => {
  test("is filled to its size, and not beyond", async () => {
    for (let pass = 0; pass < 4; pass++) await keep(2);
    expect(await pool()).toHaveLength(2);
    expect(bench.provider.machines.size).toBe(2);
    expect(await only().catch((error: Error) => error.message)).toBe("There are 2.");
  });

  test("takes no place that a queued run wants, and none above the fleet's limit", async () => {
    const { runId } = await bench.submit();
    await bench.submit();
    await keep(1);
    expect(await pool()).toHaveLength(0);
    await bench.starter.start(runId);
    await keep(1);
    expect(await pool()).toHaveLength(0);
  });

  test("waits for the machine's image to be made", async () => {
    imageMissing = "It is being made.";
    await keep();
    expect(await pool()).toHaveLength(0);
  });

  test("has the nodes that the last exercise asked for", async () => {
    await keep();
    const before = await only();
    expect(before.poolNodes).toBe(1);
    const runId = await submitKubernetes(bench, { kubernetes: { nodes: 2, namespaces: ["student"] } });
    await bench.db.run.update({
      where: { id: runId },
      data: { state: "cancelled", finishedAt: bench.now(), reason: "Enough." },
    });
    await keep();
    expect(await bench.db.cluster.findUniqueOrThrow({ where: { id: before.id } })).toMatchObject({
      state: "draining",
      endReason: "Runs ask for another number of nodes now.",
    });
    expect((await pool()).filter(({ poolNodes }) => poolNodes === 2)).toMatchObject([{ state: "booting" }]);
  });

  test("replaces a machine whose lease would be too short for a run", async () => {
    const { id } = await warmMachine();
    bench.pass(defaultTimings.poolLeaseMs - 11 * minuteMs);
    await keep();
    expect(await bench.db.cluster.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: "draining" });
    expect(await pool()).toHaveLength(2);
  });

  test("is not filled again and again with machines that cannot start their Kubernetes", async () => {
    await keep();
    const { id } = await only();
    await bench.store.endCluster({ clusterId: id, how: "lost", reason: "The machine was interrupted." });
    await keep();
    expect(await pool()).toHaveLength(1);
    bench.pass(defaultTimings.imagePauseMs + 1);
    await keep();
    expect(await pool()).toHaveLength(2);
  });

  test("ends with its worker, but for what a run has taken", async () => {
    await keep(2);
    await keep(2);
    const runId = await submitKubernetes(bench);
    await bench.starter.start(runId);
    await emptyPool(parts());
    const clusters = await pool();
    expect(clusters.filter((cluster) => cluster.state === "terminated")).toMatchObject([
      { endReason: "The worker was stopped.", runId: null },
    ]);
    expect([...bench.provider.machines.keys()]).toEqual(
      clusters.filter((cluster) => cluster.runId === runId).map(({ id }) => id),
    );
  });

  test("keeps no row of a machine that the provider did not launch", async () => {
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await keep();
    expect(await only()).toMatchObject({ state: "terminated", costUsd: expect.anything() });
    expect(Number((await only()).costUsd)).toBe(0);
  });
});

describe("a machine of the pool", () => {
  test("is told what to start, gets no run before one takes it, and is not wanted any more once it is retired", async () => {
    const { id, session, warmUp } = await warmMachine();
    expect(warmUp).toEqual({ nodes: 1 });
    expect(await bench.service.nextRun(session)).toBeNull();
    expect(await bench.service.heartbeat(session, { phase: "idle" })).toMatchObject({ cancel: false });
    for (const call of [
      () => bench.service.submissionBytes(session),
      () => bench.service.hiddenBytes(session),
      () => bench.service.reportResult(session, fullResult(bench, { runId: "run_x", attempt: 1 })),
    ])
      await expect(call()).rejects.toMatchObject({ status: 409, code: "no-run" });
    await bench.store.retireIdle(id, "Enough.");
    expect(await bench.service.heartbeat(session, { phase: "idle" })).toMatchObject({ cancel: true });
    await expect(bench.service.nextRun(session)).rejects.toBeInstanceOf(AgentRefusal);
  });

  test("is taken by the next run without a launch, for as long as that run may last", async () => {
    const { id, session } = await warmMachine();
    bench.pass(5 * minuteMs);
    const runId = await submitKubernetes(bench);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", clusterId: id });
    expect(bench.provider.machines.size).toBe(1);
    const order = await bench.service.nextRun(session);
    expect(order).toMatchObject({ runId, attempt: 1 });
    const cluster = await bench.db.cluster.findUniqueOrThrow({ where: { id } });
    expect(cluster).toMatchObject({ state: "assigned", runId, runAttempt: 1, takenAt: bench.now() });
    const timeoutMs = (order?.spec.timeoutSeconds ?? 0) * 1000;
    expect(cluster.leaseUntil.getTime() - bench.now().getTime()).toBe(timeoutMs + 5 * minuteMs);
    expect(await bench.store.retireIdle(id, "Enough.")).toBe(false);
  });

  test("costs the run nothing for the time before it was taken", async () => {
    const { id, session } = await warmMachine();
    bench.pass(10 * minuteMs);
    const runId = await submitKubernetes(bench);
    await bench.starter.start(runId);
    await bench.service.nextRun(session);
    bench.pass(minuteMs);
    await bench.service.reportResult(session, fullResult(bench, { runId, attempt: 1 }));
    await bench.store.closeCluster(id);
    const { costUsd, poolCostUsd } = await bench.db.cluster.findUniqueOrThrow({ where: { id } });
    // 3.60 USD an hour: a tenth of a cent a second.
    expect(Number(costUsd)).toBeCloseTo(0.66, 6);
    expect(Number(poolCostUsd)).toBeCloseTo(0.6, 6);
  });

  test("is not taken by a run that asks for other nodes, nor by one that would outlive it", async () => {
    await warmMachine();
    const two = await submitKubernetes(bench, { kubernetes: { nodes: 2, namespaces: ["student"] } });
    expect(await bench.starter.start(two)).toMatchObject({ outcome: "started" });
    await bench.db.run.update({
      where: { id: two },
      data: { state: "cancelled", finishedAt: bench.now(), reason: "Enough." },
    });
    const long = await submitKubernetes(bench, { timeoutSeconds: 7200 });
    expect(await bench.starter.start(long)).toMatchObject({ outcome: "waiting" });
  });

  test("makes room for a run that needs a machine of its own, one at a time", async () => {
    await keep(2);
    await keep(2);
    const { runId } = await bench.submit();
    await bench.submit();
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    const [gone, ...others] = await bench.sweeps.ending();
    expect(others).toHaveLength(0);
    await bench.store.closeCluster(gone?.id ?? "");
    expect(bench.woken).toContain("queued");
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  });

  test("that still starts is taken too, and grades like any other", async () => {
    await keep();
    const { id } = await only();
    const runId = await submitKubernetes(bench);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", clusterId: id });
    const { session, warmUp } = await bench.service.openSession(tokenOf(id));
    expect(warmUp).toBeNull();
    expect(await bench.service.nextRun(session)).toMatchObject({ runId });
  });

  test("has one run only, however many ask at once", async () => {
    const { id } = await warmMachine();
    const runIds = [
      await submitKubernetes(bench),
      await submitKubernetes(bench),
      await submitKubernetes(bench),
    ];
    await bench.warm();
    const outcomes = await Promise.all(runIds.map((runId) => bench.starter.start(runId)));
    expect(outcomes.filter(({ outcome }) => outcome === "taken")).toEqual([
      { outcome: "taken", clusterId: id },
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === "started").length).toBeLessThanOrEqual(1);
    expect(bench.provider.machines.size).toBeLessThanOrEqual(fleetMax);
  });

  test("that ends under a run costs the run nothing: it is queued again", async () => {
    const { id, session } = await warmMachine();
    const runId = await submitKubernetes(bench);
    await bench.starter.start(runId);
    await bench.store.endCluster({ clusterId: id, how: "lost", reason: "The machine was interrupted." });
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2 });
    await expect(bench.service.nextRun(session)).rejects.toMatchObject({ status: 409 });
  });
});
