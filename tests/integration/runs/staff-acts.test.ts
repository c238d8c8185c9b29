import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { cancelRun } from "#grading/runs/cancel-run.ts";
import { rerunRun } from "#grading/runs/rerun-run.ts";
import { type FleetBench, fullResult, openFleetBench, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterEach(() => bench.close());

const act = (runId: string) => ({
  runId,
  userId: bench.course.taId,
  as: "staff" as const,
  reason: "The registry was down.",
});

async function grade(runId: string, seconds = 0) {
  const { session, order, machineId } = await takeOrder(bench, runId);
  bench.pass(seconds * 1000);
  await bench.service.reportResult(session, fullResult(bench, order));
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
}

describe("a rerun", () => {
  const rerun = (runId: string, enqueue: (id: string) => Promise<void> = async () => undefined) => {
    const failures: unknown[] = [];
    const ports = {
      store: bench.acts,
      enqueue,
      onEnqueueFailed: (error: unknown) => failures.push(error),
      clock: bench.now,
    };
    return rerunRun(ports, act(runId)).then((outcome) => ({ outcome, failures }));
  };

  test("is a new run by the current version, is audited, and counts instead of the former once it is graded", async () => {
    const { runId, submissionId } = await bench.submit();
    await grade(runId);
    await bench.db.exerciseVersion.update({
      where: { id: bench.course.exerciseVersionId },
      data: { current: false },
    });
    const version = await bench.db.exerciseVersion.create({
      data: {
        id: "ver_new",
        exerciseId: bench.course.exerciseId,
        hash: "f".repeat(64),
        spec: storedSpec.write(bench.course.spec) as object,
        machineKind: "engine",
        hiddenKey: "exercises/new/hidden.tar",
        current: true,
      },
    });
    const enqueued: string[] = [];
    const { outcome } = await rerun(runId, async (id) => void enqueued.push(id));
    if (outcome.outcome !== "queued") throw new Error(outcome.message);
    expect(enqueued).toEqual([outcome.runId]);
    const runs = await bench.db.run.findMany({ where: { submissionId }, orderBy: { queuedAt: "asc" } });
    expect(runs.map((run) => [run.id, run.counts, run.state])).toEqual([
      [runId, true, "graded"],
      [outcome.runId, false, "queued"],
    ]);
    expect(runs[1]?.exerciseVersionId).toBe(version.id);
    const [entry] = await bench.db.auditEntry.findMany();
    expect(entry).toMatchObject({
      action: "run.rerun",
      subject: `submission:${submissionId}`,
      userId: bench.course.taId,
      reason: "The registry was down.",
      before: { run: runId, state: "graded", score: "20" },
      after: { run: outcome.runId, exerciseVersion: "ver_new" },
    });
    await grade(outcome.runId);
    const counted = await bench.db.run.findMany({ where: { submissionId, counts: true } });
    expect(counted.map(({ id }) => id)).toEqual([outcome.runId]);
  });

  test("is refused while the submission is being graded, and two at once make one", async () => {
    const { runId, submissionId } = await bench.submit();
    expect((await rerun(runId)).outcome).toMatchObject({ outcome: "refused", code: "still-under-way" });
    await grade(runId);
    await bench.warm();
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => rerun(runId)));
    expect(outcomes.filter(({ outcome }) => outcome.outcome === "queued")).toHaveLength(1);
    expect(await bench.db.run.count({ where: { submissionId } })).toBe(2);
    expect((await rerun("run_none")).outcome).toMatchObject({ outcome: "refused", code: "no-such-run" });
  });

  test("survives a queue that cannot be reached: the run waits in the database", async () => {
    const { runId } = await bench.submit();
    await grade(runId);
    const { outcome, failures } = await rerun(runId, () => Promise.reject(new Error("Redis is away.")));
    if (outcome.outcome !== "queued") throw new Error(outcome.message);
    expect(failures).toHaveLength(1);
    const { waiting } = await bench.sweeps.demand(bench.starter.limits, bench.now());
    expect(waiting).toMatchObject([{ id: outcome.runId, byStaff: true }]);
  });
});

describe("a cancel", () => {
  const cancel = (runId: string) => cancelRun({ store: bench.acts, clock: bench.now }, act(runId));

  test("ends a waiting run, and no job starts it any more", async () => {
    const { runId } = await bench.submit();
    expect(await cancel(runId)).toEqual({ outcome: "cancelled" });
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "not-queued" });
    const [entry] = await bench.db.auditEntry.findMany();
    expect(entry).toMatchObject({
      action: "run.cancel",
      subject: `run:${runId}`,
      before: { state: "queued" },
    });
  });

  test("ends a running run with its machine, and its late result counts nothing", async () => {
    const { runId } = await bench.submit();
    const { session, order, machineId } = await takeOrder(bench, runId);
    expect(await cancel(runId)).toEqual({ outcome: "cancelled" });
    expect((await bench.sweeps.ending()).map((machine) => machine.id)).toEqual([machineId]);
    await expect(bench.service.reportResult(session, fullResult(bench, order))).rejects.toMatchObject({
      status: 409,
    });
    expect(await bench.run(runId)).toMatchObject({ state: "cancelled", score: null, counts: true });
  });

  test("of a graded run is refused and changes nothing", async () => {
    const { runId } = await bench.submit();
    await grade(runId);
    expect(await cancel(runId)).toMatchObject({ outcome: "refused", code: "already-ended" });
    expect(await cancel("run_none")).toMatchObject({ outcome: "refused", code: "no-such-run" });
    expect(await bench.db.auditEntry.count()).toBe(0);
  });
});

test("what staff do to a run waits for its lock as long as the worker's loops do", async () => {
  const { runId } = await bench.submit();
  const lock = await bench.takeLock(`run:${runId}`);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const done = bench.acts.cancel(act(runId), bench.now());
    await lock.untilWanted();
    vi.advanceTimersByTime(10_000);
    await lock.release();
    expect(await done).toEqual({ outcome: "cancelled" });
  } finally {
    vi.useRealTimers();
  }
});
