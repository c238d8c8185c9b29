import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findRun } from "#app/_server/queries/run/run.ts";
import type { Services } from "#app/_server/services.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { createRetentionStore } from "#infra/db/submissions/retention-store.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { retention } from "#workers/reconcilers/retention.ts";
import { type FleetBench, fullResult, openFleetBench, takeOrder } from "./fleet-bench.ts";

const dayMs = 86_400_000;
let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 4 });
});
afterEach(() => bench.close());

const pass = () =>
  retention({
    steps: createRetentionStore(bench.db),
    keepDays: defaultKeepDays,
    everyMs: 1000,
    clock: bench.now,
    log: createLogger({ name: "test", level: "silent" }),
  }).pass();

/** A run that wrote this many lines and was graded. */
async function graded(lines = 3) {
  const { runId, submissionId } = await bench.submit();
  const { session, order, machineId } = await takeOrder(bench, runId);
  await bench.service.appendEvents(session, {
    events: [
      { seq: 1, at: bench.now().toISOString(), event: { type: "check-started", check: "files", title: "F" } },
    ],
  });
  const log = {
    runId,
    attempt: 1,
    type: "log",
    at: bench.now(),
    payload: { type: "log", check: null, line: "x" },
  };
  await bench.db.runEvent.createMany({
    data: Array.from({ length: lines }, (_, i) => ({ ...log, seq: i + 2 })),
  });
  await bench.service.reportResult(session, fullResult(bench, order));
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
  return { runId, submissionId };
}
const count = (runId: string, type: string) => bench.db.runEvent.count({ where: { runId, type } });
const read = async (runId: string) =>
  (
    await findRun(
      { db: bench.db, clock: bench.now, config: { fleetMax: 4, keepDays: defaultKeepDays } } as Services,
      runId,
    )
  )?.logKept;

describe("the log of a run", () => {
  test("stays for as long as it is kept, to the day, and then goes alone: all else of the run is for ever", async () => {
    const { runId, submissionId } = await graded();
    bench.gap(defaultKeepDays.logs * dayMs);
    await pass();
    expect(await count(runId, "log")).toBe(3);
    expect(await read(runId)).toEqual({ days: 180, removedAt: null, lines: 3 });
    bench.gap(1);
    const before = await bench.run(runId);
    const states = await count(runId, "state");
    await pass();
    expect(await count(runId, "log")).toBe(0);
    expect(await count(runId, "state")).toBe(states);
    expect(await count(runId, "check-started")).toBe(1);
    expect(await bench.run(runId)).toEqual({ ...before, logRemovedAt: bench.now() });
    expect(await bench.db.checkResult.count({ where: { runId } })).toBe(2);
    expect(await bench.db.submission.count({ where: { id: submissionId } })).toBe(1);
    expect(await read(runId)).toEqual({ days: 180, removedAt: bench.now().toISOString(), lines: 0 });
  });

  test("that does not count goes earlier, and that of a run under way never", async () => {
    const { runId } = await graded();
    const act = { runId, userId: bench.course.taId, as: "staff" as const, reason: "Again." };
    const rerun = await bench.acts.rerun(act, bench.now());
    if (rerun.outcome !== "queued") throw new Error(rerun.message);
    const at = { claimedAt: bench.now(), finishedAt: bench.now() };
    const result = { state: "graded" as const, score: 20, maxScore: 20, ...at };
    await bench.db.$transaction([
      bench.db.run.update({ where: { id: runId }, data: { counts: false } }),
      bench.db.run.update({ where: { id: rerun.runId }, data: { counts: true, ...result } }),
    ]);
    const other = await takeOrder(bench, (await bench.submit()).runId);
    const line = { type: "log", check: null, line: "x" } as const;
    await bench.service.appendEvents(other.session, {
      events: [{ seq: 1, at: bench.now().toISOString(), event: line }],
    });
    bench.gap(defaultKeepDays.uncountedLogs * dayMs + 1);
    await pass();
    expect(await count(runId, "log")).toBe(0);
    expect(await read(runId)).toMatchObject({ days: 30 });
    bench.gap(10 * 365 * dayMs);
    await pass();
    expect(await count(other.order.runId, "log")).toBe(1);
  });

  test("of thousands of lines goes in batches, and a worker that dies between two is followed by the next", async () => {
    const { runId } = await graded(2500);
    bench.gap(defaultKeepDays.logs * dayMs + 1);
    const step = createRetentionStore(bench.db)["log lines"];
    await step?.(defaultKeepDays, bench.now());
    expect(await count(runId, "log")).toBe(1500);
    await pass();
    expect(await count(runId, "log")).toBe(0);
    expect(await bench.db.logRemoval.findMany()).toMatchObject([{ runId, lines: 2500, complete: true }]);
  });

  test("that was empty is not said to be removed", async () => {
    const { runId } = await graded(0);
    bench.gap(defaultKeepDays.logs * dayMs + 1);
    await pass();
    expect(await read(runId)).toEqual({ days: 180, removedAt: null, lines: 0 });
    expect(await createRetentionStore(bench.db)["log lines"]?.(defaultKeepDays, bench.now())).toBe(0);
  });
});

test("refused uploads, closed notices, expired sessions, verifications and counts of tries go when they are old", async () => {
  const { db, course } = bench;
  const at = bench.now();
  const refusal = { exerciseId: course.exerciseId, userId: course.studentId, fileName: "a", bytes: 1 };
  await db.uploadRefusal.create({
    data: { ...refusal, id: "ref_1", code: "no-files", message: "m", receivedAt: at, hour: at },
  });
  await bench.store.tellStaff({ action: "fleet.misconfigured", subject: "provider:a", reason: "r" });
  await bench.store.settleNotice({ action: "fleet.misconfigured", subject: "provider:a" });
  await bench.store.tellStaff({ action: "fleet.misconfigured", subject: "provider:b", reason: "r" });
  const expiresAt = new Date(at.getTime() + 1000);
  await db.session.create({ data: { id: "s", userId: course.studentId, token: "t", expiresAt } });
  await db.verification.create({ data: { id: "v", identifier: "i", value: "x", expiresAt } });
  await db.rateLimit.create({ data: { id: "l", key: "k", count: 1, lastRequest: BigInt(at.getTime()) } });
  const left = async () => [
    await db.uploadRefusal.count(),
    await db.notice.count(),
    await db.session.count(),
    await db.verification.count(),
    await db.rateLimit.count(),
  ];
  await pass();
  expect(await left()).toEqual([1, 2, 1, 1, 1]);
  bench.gap(2 * dayMs);
  await pass();
  expect(await left()).toEqual([1, 2, 0, 0, 0]);
  bench.gap(179 * dayMs);
  await pass();
  // The open one stays for as long as it is open.
  expect(await left()).toEqual([0, 1, 0, 0, 0]);
});
