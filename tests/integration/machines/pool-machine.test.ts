import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LaunchError } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import { gradeRun } from "#workers/jobs/grade-run.ts";
import type { OfferedRuns } from "#workers/reconcilers/queued-sweep.ts";
import { fullResult, launchFor, submitKubernetes } from "../runs/fleet-bench.ts";
import { minuteMs, openPoolBench, type PoolBench } from "./pool-bench.ts";

const fleetMax = 2;
let bench: PoolBench;
beforeEach(async () => {
  bench = await openPoolBench(fleetMax);
});
afterEach(() => bench.close());

describe("a machine of the pool", () => {
  test("is told what to start, gets no run before one takes it, and is not wanted any more once it is retired", async () => {
    const { id, session, warmUp } = await bench.warmMachine();
    expect(warmUp).toEqual({ machineKind: "engine+kubernetes", nodes: 1 });
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
    const { id, session } = await bench.warmMachine();
    bench.pass(5 * minuteMs);
    const runId = await submitKubernetes(bench);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", machineId: id });
    expect(bench.provider.machines.size).toBe(1);
    const order = await bench.service.nextRun(session);
    expect(order).toMatchObject({ runId, attempt: 1 });
    const machine = await bench.db.machine.findUniqueOrThrow({ where: { id } });
    expect(machine).toMatchObject({ state: "assigned", runId, runAttempt: 1, takenAt: bench.now() });
    const timeoutMs = (order?.spec.timeoutSeconds ?? 0) * 1000;
    expect(machine.leaseUntil.getTime() - bench.now().getTime()).toBe(timeoutMs + 5 * minuteMs);
    expect(await bench.store.retireIdle(id, "too_old")).toBe(false);
  });

  test("costs the run nothing for the time before it was taken", async () => {
    const { id, session } = await bench.warmMachine();
    bench.pass(10 * minuteMs);
    const runId = await submitKubernetes(bench);
    await bench.starter.start(runId);
    await bench.service.nextRun(session);
    bench.pass(minuteMs);
    await bench.service.reportResult(session, fullResult(bench, { runId, attempt: 1 }));
    await bench.store.closeMachine(id);
    const { costUsd, poolCostUsd } = await bench.db.machine.findUniqueOrThrow({ where: { id } });
    // 3.60 USD an hour: a tenth of a cent a second.
    expect(Number(costUsd)).toBeCloseTo(0.66, 6);
    expect(Number(poolCostUsd)).toBeCloseTo(0.6, 6);
  });

  test("is not taken by a run that asks for other nodes, nor by one that would outlive it", async () => {
    await bench.warmMachine();
    const two = await submitKubernetes(bench, {
      facilities: { kubernetes: { nodes: 2, namespaces: ["student"] } },
    });
    expect(await bench.starter.start(two)).toMatchObject({ outcome: "started" });
    await bench.db.run.update({
      where: { id: two },
      data: { state: "cancelled", finishedAt: bench.now(), reason: "Enough." },
    });
    const long = await submitKubernetes(bench, { timeoutSeconds: 7200 });
    expect(await bench.starter.start(long)).toMatchObject({ outcome: "waiting" });
  });

  test("makes room for a run that needs a machine of its own, one at a time", async () => {
    await bench.keep(2);
    await bench.keep(2);
    const { runId } = await bench.submit();
    await bench.submit();
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    const [gone, ...others] = await bench.sweeps.ending();
    expect(others).toHaveLength(0);
    await bench.store.closeMachine(gone?.id ?? "");
    expect(bench.woken).toContain("queued");
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  });

  test("that still starts is taken too, and grades like any other", async () => {
    await bench.keep();
    const { id } = await bench.only();
    const runId = await submitKubernetes(bench);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", machineId: id });
    const { session, warmUp } = await bench.service.openSession(bench.tokenOf(id));
    expect(warmUp).toBeNull();
    expect(await bench.service.nextRun(session)).toMatchObject({ runId });
  });

  test("has one run only, however many ask at once", async () => {
    const { id } = await bench.warmMachine();
    const runIds = [
      await submitKubernetes(bench),
      await submitKubernetes(bench),
      await submitKubernetes(bench),
    ];
    await bench.warm();
    const outcomes = await Promise.all(runIds.map((runId) => bench.starter.start(runId)));
    expect(outcomes.filter(({ outcome }) => outcome === "taken")).toEqual([
      { outcome: "taken", machineId: id },
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === "started").length).toBeLessThanOrEqual(1);
    expect(bench.provider.machines.size).toBeLessThanOrEqual(fleetMax);
  });

  test("that ends under a run costs the run nothing: it is queued again", async () => {
    const { id, session } = await bench.warmMachine();
    const runId = await submitKubernetes(bench);
    await bench.starter.start(runId);
    await bench.store.endMachine({ machineId: id, how: "lost", reason: "The machine was interrupted." });
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
    await bench.launchIdle();
    expect(await bench.run(runId)).toMatchObject({
      state: "queued",
      attempt: 2,
      platformFaults: 0,
      reason: "No machine is free at the provider right now.",
    });
    expect(await bench.only()).toMatchObject({
      state: "terminated",
      endCode: "not_launched",
      instanceId: null,
    });
  });

  test("that is found late to boot while a run takes it takes the run along: it is queued again, by the right reason", async () => {
    await bench.keep();
    const { id } = await bench.only();
    const runId = await submitKubernetes(bench);
    await bench.warm();
    const row = await bench.lockMachine(id);
    const taking = bench.starter.start(runId);
    await row.untilWanted(1);
    const reason = "The machine did not start in time.";
    const ending = bench.store.endMachine({ machineId: id, how: "drain", reason });
    await row.untilWanted(2);
    await row.release();
    expect(await taking).toMatchObject({ outcome: "taken" });
    expect(await ending).toEqual({ moved: true });
    expect(await bench.only()).toMatchObject({ state: "draining", runId });
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, reason });
    bench.pass(defaultTimings.claimTimeoutMs + 1);
    expect(await bench.sweeps.runsWithoutMachine(bench.now(), bench.now())).toEqual([]);
  });
});

describe("while launches pause after a failed one", () => {
  const fail = async () => {
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    const { runId } = await bench.submit();
    await bench.starter.start(runId);
    expect(bench.starter.limits.machineKinds).toEqual(["engine+kubernetes"]);
    return runId;
  };

  test("a run still takes a machine of the pool that is ready, though others came before that cannot start", async () => {
    const { id } = await bench.warmMachine();
    const older = await fail();
    await bench.submit();
    const runId = await submitKubernetes(bench);
    expect(await bench.starter.start(older)).toMatchObject({ outcome: "waiting" });
    const offered: string[] = [];
    await bench.sweep(offered).pass();
    expect(offered).toEqual([runId]);
    expect(await bench.starter.start(runId)).toEqual({ outcome: "taken", machineId: id });
  });

  test("a run that no machine of the pool fits keeps it from none that it fits, and each takes one", async () => {
    const { id } = await bench.warmMachine();
    await launchFor(bench, (await bench.submit()).runId);
    const [wide, longer] = [
      await submitKubernetes(bench, { facilities: { kubernetes: { nodes: 3 } } }),
      await submitKubernetes(bench, { timeoutSeconds: 7_200 }),
    ];
    const [fits, second] = [await submitKubernetes(bench), await submitKubernetes(bench)];
    bench.provider.failures.push(new LaunchError("misconfigured", "No such image."));
    await bench.launcher.launch(
      "engine+kubernetes",
      new Date(bench.now().getTime() + minuteMs),
      async () => true,
    );
    const offered: string[] = [];
    await bench.sweep(offered).pass();
    expect(offered).toEqual([fits]);
    for (const runId of [wide, longer]) {
      expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    }
    expect(await bench.starter.start(fits)).toEqual({ outcome: "taken", machineId: id });
    expect(await bench.starter.start(second)).toMatchObject({ outcome: "waiting" });
  });

  test("no machine of the pool makes room: what would come in its place cannot be had", async () => {
    await bench.keep(2);
    await bench.keep(2);
    bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
    await bench.launcher.launch("engine", new Date(bench.now().getTime() + minuteMs), async () => true);
    const { runId } = await bench.submit();
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.sweeps.ending()).toEqual([]);
  });
});

test("a displaced machine's place is offered to its run as soon as it is free, and the queue is not blamed", async () => {
  await bench.keep(2);
  await bench.keep(2);
  const { runId } = await bench.submit();
  const offered: string[] = [];
  const warnings: string[] = [];
  const waiting: OfferedRuns = new Map();
  const { pass } = bench.sweep(offered, waiting, warnings);
  const job = gradeRun(bench.starter, waiting, bench.fleet().log);
  await pass();
  expect(offered).toEqual([runId]);
  await job({ runId });
  const [gone] = await bench.sweeps.ending();
  await bench.store.closeMachine(gone?.id ?? "");
  await pass();
  expect(offered).toEqual([runId, runId]);
  await job({ runId });
  expect((await bench.run(runId)).state).toBe("provisioning");
  bench.pass(defaultTimings.offerPatienceMs + 1);
  await pass();
  expect(warnings).toEqual([]);
});
