import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { queuedSweep } from "#workers/reconcilers/queued-sweep.ts";
import { unreadableExercises } from "#workers/reconcilers/unreadable-exercises.ts";
import { type FleetBench, fullResult, openFleetBench, submitKubernetes, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterEach(() => bench.close());

const log = createLogger({ name: "test", level: "silent" });
/** As a version of Drydock before or after this one may have left it: with a setting that is not known here. */
const foreign = { facilities: {}, gpus: 2 };
const queued = () => bench.db.run.count({ where: { state: "queued" } });

/** Takes the machine's part for as long as runs start. */
async function gradeAll(runIds: string[]) {
  const offered: string[] = [];
  const queue = {
    add: async (_name: string, { runId }: { runId: string }) => void offered.push(runId),
    close: async () => undefined,
  };
  const parts = { sweeps: bench.sweeps, timings: defaultTimings, clock: bench.now, log };
  const sweep = queuedSweep(parts, 1, queue, bench.starter, new Map());
  for (let pass = 0; pass < 4 * runIds.length; pass++) {
    await sweep.pass();
    bench.pass(defaultTimings.offerPatienceMs + 1);
    for (const machine of [...bench.provider.machines.values()]) {
      const { session } = await bench.service.openSession(machine.spec.userData.token);
      const order = await bench.service.nextRun(session);
      if (order === null) continue;
      await bench.service.reportResult(session, fullResult(bench, order));
      await bench.store.finishScoring(order.runId);
      await bench.provider.terminate(machine.instanceId);
      await bench.store.closeMachine(machine.machineId);
    }
  }
}

describe("a run whose stored exercise cannot be read", () => {
  test("at the head of the queue holds up nobody: it ends not gradable and those behind it are graded", async () => {
    const broken = await submitKubernetes(bench, foreign, "engine");
    const behind = [await bench.submit(), await bench.submit()].map(({ runId }) => runId);
    await gradeAll([broken, ...behind]);
    expect(await bench.run(broken)).toMatchObject({
      state: "not_gradable",
      platformFaults: 0,
      reason: expect.stringMatching(/cannot be read.*not your mistake/),
    });
    for (const runId of behind) expect((await bench.run(runId)).state).toBe("graded");
    const told = await bench.db.notice.findMany();
    expect(told).toMatchObject([{ code: "run.not_gradable", reason: expect.stringContaining("gpus") }]);
  });

  test("is ended by its own job although others come first", async () => {
    await bench.submit();
    const broken = await submitKubernetes(bench, foreign, "engine");
    expect(await bench.starter.start(broken)).toMatchObject({ outcome: "not-gradable" });
    expect((await bench.run(broken)).state).toBe("not_gradable");
  });

  test("and whose machine cannot be told from it is found by a loop of its own, not forgotten in silence", async () => {
    const broken = await submitKubernetes(bench, { facilities: { mainframe: {} } }, "engine+mainframe");
    const other = await bench.submit();
    await unreadableExercises({ ...bench, timings: defaultTimings, log }).pass();
    expect((await bench.run(broken)).state).toBe("not_gradable");
    expect((await bench.run(other.runId)).state).toBe("queued");
    expect(await queued()).toBe(1);
  });

  test("when another version of Drydock takes over while it runs: it ends, and its machine with it", async () => {
    const { runId } = await bench.submit();
    const { session, order, machineId } = await takeOrder(bench, runId);
    await bench.db.$executeRaw`ALTER TABLE exercise_version DISABLE TRIGGER exercise_version_immutable`;
    await bench.db.exerciseVersion.update({
      where: { id: bench.course.exerciseVersionId },
      data: { spec: { ...bench.course.spec, gpus: 2 } as object },
    });
    expect(await bench.service.reportResult(session, fullResult(bench, order))).toEqual({ accepted: true });
    expect((await bench.run(runId)).state).toBe("not_gradable");
    expect((await bench.sweeps.ending()).map(({ id }) => id)).toEqual([machineId]);
  });

  test("before its machine asked for the order: the machine is sent home", async () => {
    const { runId } = await bench.submit();
    const started = await bench.starter.start(runId);
    if (started.outcome !== "started") throw new Error("It did not start.");
    const token = bench.provider.machines.get(started.machineId)?.spec.userData.token ?? "";
    await bench.db.$executeRaw`ALTER TABLE exercise_version DISABLE TRIGGER exercise_version_immutable`;
    await bench.db.exerciseVersion.update({
      where: { id: bench.course.exerciseVersionId },
      data: { spec: { slug: "x" } },
    });
    const { session } = await bench.service.openSession(token);
    await expect(bench.service.nextRun(session)).rejects.toMatchObject({ status: 409 });
    expect((await bench.run(runId)).state).toBe("not_gradable");
  });
});

test("one run that cannot be offered holds up no other of the same pass", async () => {
  await bench.close();
  bench = await openFleetBench({ fleetMax: 3 });
  const runs = [await bench.submit(), await bench.submit(), await bench.submit()].map(({ runId }) => runId);
  const started: string[] = [];
  const starter = {
    limits: bench.starter.limits,
    start: async (runId: string) => {
      if (runId === runs[0]) throw new Error("This one breaks.");
      started.push(runId);
      return { outcome: "waiting" as const, why: "Test." };
    },
  };
  const queue = { add: async () => undefined, close: async () => undefined };
  const parts = { sweeps: bench.sweeps, timings: defaultTimings, clock: bench.now, log };
  const sweep = queuedSweep(parts, 3, queue, starter, new Map());
  await sweep.pass();
  bench.pass(defaultTimings.offerPatienceMs + 1);
  await sweep.pass();
  expect(started).toEqual(runs.slice(1));
});
