import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewCluster } from "#grading/clusters/launcher.ts";
import { LaunchError } from "#grading/clusters/provider.ts";
import { defaultTimings } from "#grading/clusters/timings.ts";
import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import { gradeRun } from "#workers/jobs/grade-run.ts";
import { emptyPool, machinePool } from "#workers/reconcilers/machine-pool.ts";
import { type OfferedRuns, queuedSweep } from "#workers/reconcilers/queued-sweep.ts";
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

/** A run of the last moment that is over already. */
async function handedIn(nodes: number): Promise<void> {
  const runId = await submitKubernetes(bench, { kubernetes: { nodes, namespaces: ["student"] } });
  await bench.db.run.update({
    where: { id: runId },
    data: { state: "cancelled", queuedAt: bench.now(), finishedAt: bench.now(), reason: "Enough." },
  });
}

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

  test("has the nodes that runs of the last half hour asked for, or the last one before", async () => {
    await keep();
    const before = await only();
    expect(before.poolNodes).toBe(1);
    await handedIn(2);
    await keep();
    expect(await bench.db.cluster.findUniqueOrThrow({ where: { id: before.id } })).toMatchObject({
      state: "draining",
      endCode: "other_nodes",
      endReason: "Runs ask for another number of nodes now.",
    });
    expect((await pool()).filter(({ poolNodes }) => poolNodes === 2)).toMatchObject([{ state: "booting" }]);
  });

  test("keeps its machine while exercises with 1 and 2 nodes are handed in by turns", async () => {
    await keep();
    const { id } = await only();
    for (const nodes of [1, 2, 1, 2, 2, 2, 1, 2]) {
      await handedIn(nodes);
      bench.pass(3 * minuteMs);
      await keep();
    }
    expect(await only()).toMatchObject({ id, state: "booting" });
    // Nobody asked for 1 node in the last half hour.
    bench.pass(20 * minuteMs);
    await handedIn(2);
    bench.pass(8 * minuteMs);
    await keep();
    expect((await pool()).map(({ poolNodes, endCode }) => [poolNodes, endCode])).toEqual([
      [1, "other_nodes"],
      [2, null],
    ]);
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

  test("tells failures from machines that were sent away by codes: the words may change", async () => {
    await keep();
    const { id } = await only();
    await bench.store.endCluster({ clusterId: id, how: "lost", reason: "A run needed its place." });
    await keep();
    expect(await only()).toMatchObject({ endCode: "lost" });
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

  test("keeps no row of a machine that the provider did not launch, and tries again after the launch's pause", async () => {
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await keep();
    expect(await only()).toMatchObject({ state: "terminated", endCode: "not_launched" });
    expect(Number((await only()).costUsd)).toBe(0);
    bench.pass(defaultTimings.launchPauseMs.first);
    await keep();
    expect(await pool()).toHaveLength(2);
  });

  test("tells staff of a wrong set-up, since no run's launch would be the first to find it", async () => {
    bench.provider.failures.push(new LaunchError("misconfigured", "The image is missing."));
    await keep();
    const { runId } = await bench.submit();
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.db.notice.findMany()).toMatchObject([
      { code: "fleet.misconfigured", reason: "No machine can be started: The image is missing." },
    ]);
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
    await bench.store.retireIdle(id, "too_old");
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
    expect(await bench.store.retireIdle(id, "too_old")).toBe(false);
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

  test("that is taken while its launch fails costs the run nothing: it is nobody's fault and not counted", async () => {
    const runId = await submitKubernetes(bench);
    bench.provider.launch = async () => {
      expect(await bench.starter.start(runId)).toMatchObject({ outcome: "taken" });
      throw new LaunchError("insufficient-capacity", "None.");
    };
    // The pool leaves no place that a queued run wants, so the run comes between row and launch.
    await bench.db.run.update({ where: { id: runId }, data: { queuedAt: new Date(0) } });
    await launchIdle();
    expect(await bench.run(runId)).toMatchObject({
      state: "queued",
      attempt: 2,
      platformFaults: 0,
      reason: "No machine is free at the provider right now.",
    });
    expect(await only()).toMatchObject({ state: "terminated", endCode: "not_launched", machineId: null });
  });

  test("that is found late to boot while a run takes it takes the run along: it is queued again, by the right reason", async () => {
    await keep();
    const { id } = await only();
    const runId = await submitKubernetes(bench);
    await bench.warm();
    const row = await bench.lockCluster(id);
    const taking = bench.starter.start(runId);
    await row.untilWanted(1);
    const reason = "The machine did not start in time.";
    const ending = bench.store.endCluster({ clusterId: id, how: "drain", reason });
    await row.untilWanted(2);
    await row.release();
    expect(await taking).toMatchObject({ outcome: "taken" });
    expect(await ending).toEqual({ moved: true });
    expect(await only()).toMatchObject({ state: "draining", runId });
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, reason });
    bench.pass(defaultTimings.claimTimeoutMs + 1);
    expect(await bench.sweeps.runsWithoutCluster(bench.now())).toEqual([]);
  });
});

describe("while launches pause after a failed one", () => {
  const fail = async () => {
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    const { runId } = await bench.submit();
    await bench.starter.start(runId);
    expect(bench.starter.paused).toBe(true);
    return runId;
  };

  test("a run still takes a machine of the pool that is ready, though others came before that cannot start", async () => {
    const { id } = await warmMachine();
    const older = await fail();
    await bench.submit();
    const runId = await submitKubernetes(bench);
    expect(await bench.starter.start(older)).toMatchObject({ outcome: "waiting" });
    const offered: string[] = [];
    await sweep(offered).pass();
    expect(offered).toEqual([runId]);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", clusterId: id });
  });

  test("no machine of the pool makes room: what would come in its place cannot be had", async () => {
    await keep(2);
    await keep(2);
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await bench.launcher.launch("docker", new Date(bench.now().getTime() + minuteMs), async () => true);
    const { runId } = await bench.submit();
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.sweeps.ending()).toEqual([]);
  });
});

test("a displaced machine's place is offered to its run as soon as it is free, and the queue is not blamed", async () => {
  await keep(2);
  await keep(2);
  const { runId } = await bench.submit();
  const offered: string[] = [];
  const warnings: string[] = [];
  const waiting: OfferedRuns = new Map();
  const { pass } = sweep(offered, waiting, warnings);
  const job = gradeRun(bench.starter, waiting, parts().log);
  await pass();
  expect(offered).toEqual([runId]);
  await job({ runId });
  const [gone] = await bench.sweeps.ending();
  await bench.store.closeCluster(gone?.id ?? "");
  await pass();
  expect(offered).toEqual([runId, runId]);
  await job({ runId });
  expect((await bench.run(runId)).state).toBe("provisioning");
  bench.pass(defaultTimings.offerPatienceMs + 1);
  await pass();
  expect(warnings).toEqual([]);
});

/** The row of a machine of the pool and its launch, whatever the queue wants. */
async function launchIdle(): Promise<void> {
  const { store } = bench;
  const alone = {
    ...parts(),
    store: {
      ...store,
      requestIdle: async (cluster: NewCluster & { poolNodes: number }) => {
        await bench.db.cluster.create({ data: { ...cluster, requestedAt: bench.now() } });
        return true;
      },
    },
  };
  const images = { ready: () => [], ask: () => null };
  await machinePool(alone, { size: 1, fleetMax }, bench.launcher, images).pass();
}

function sweep(offered: string[], waiting: OfferedRuns = new Map(), warnings: string[] = []) {
  const queue: JobQueue = {
    add: async (_name, { runId }) => void offered.push(runId),
    close: async () => {},
  };
  const log = { ...parts().log, warn: (_fields: object, message: string) => warnings.push(message) };
  const images = { ready: () => ["docker" as const, "kubernetes" as const] };
  return queuedSweep({ ...parts(), log: log as never }, fleetMax, queue, bench.starter, images, waiting);
}
