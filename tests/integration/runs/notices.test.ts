import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listNotices } from "#app/_server/queries/staff-notices.ts";
import type { Services } from "#app/_server/services.ts";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { tellStaff } from "#infra/db/notices/notice-store.ts";
import { type FleetBench, fullResult, openFleetBench, outcome, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 4 });
});
afterEach(() => bench.close());

const notices = () => bench.db.notice.findMany({ orderBy: { firstSeen: "asc" } });
const full = {
  action: "fleet.misconfigured",
  subject: "provider:memory",
  reason: "The disk is full.",
} as const;

describe("staff are told", () => {
  test("of the same thing by one open notice, with how often and when first and last", async () => {
    const first = bench.now();
    await bench.store.tellStaff(full);
    bench.pass(60_000);
    await bench.store.tellStaff({ ...full, reason: "The disk is still full." });
    expect(await notices()).toMatchObject([
      {
        ...{ count: 2, firstSeen: first, lastSeen: bench.now(), closedAt: null },
        reason: "The disk is still full.",
      },
    ]);
    expect(bench.errors).toMatchObject([{ code: full.action, count: 1 }, { count: 2 }]);
  });

  test("anew of what comes back after it was over", async () => {
    await bench.store.tellStaff(full);
    await bench.store.settleNotice(full);
    await bench.store.settleNotice(full);
    bench.pass(1000);
    await bench.store.tellStaff(full);
    expect(await notices()).toMatchObject([
      { count: 1, closedById: null },
      { count: 1, closedAt: null },
    ]);
  });

  test("once, however many processes tell at the same moment", async () => {
    await bench.warm();
    await Promise.all(Array.from({ length: 8 }, () => bench.store.tellStaff(full)));
    expect(await notices()).toMatchObject([{ count: 8 }]);
  });

  test("in any words, and of any subject: the database takes every sentence", async () => {
    await bench.store.tellStaff({ ...full, reason: `\0${"x".repeat(100_000)}` });
    await bench.store.tellStaff({ ...full, subject: "run:run_none" });
    expect(await notices()).toHaveLength(2);
  });

  test("of nothing that was rolled back, neither by a notice nor in the log", async () => {
    const failing = bench.mover(async (context) => {
      await tellStaff(context, full);
      throw new Error("The rest failed.");
    });
    await expect(failing).rejects.toThrow("The rest failed.");
    expect(await notices()).toEqual([]);
    expect(bench.errors).toEqual([]);
  });
});

describe("a run that could not be graded", () => {
  const rerun = async (runId: string) => {
    const act = { runId, userId: bench.course.taId, as: "staff" as const, reason: "The exercise is mended." };
    const rerun = await bench.acts.rerun(act, bench.now());
    if (rerun.outcome !== "queued") throw new Error(rerun.message);
    return rerun.runId;
  };
  const grade = async (runId: string, change: Partial<CheckOutcome>) => {
    const { session, order, machineId } = await takeOrder(bench, runId);
    const checks = bench.course.spec.checks.map((check) => outcome(check, change));
    await bench.service.reportResult(session, { ...fullResult(bench, order), checks });
    await bench.store.finishScoring(runId);
    await bench.store.closeMachine(machineId);
    bench.pass(1000);
  };
  const broken = { verdict: "not_graded", fault: "exercise", points: 0 } as const;

  const subject = () => `exercise:${bench.course.exerciseId}`;
  const open = () => bench.db.notice.findMany({ where: { closedAt: null } });

  test("is told until a run of its submission is graded", async () => {
    const { runId } = await bench.submit();
    await grade(runId, broken);
    expect(await notices()).toMatchObject([{ subject: subject(), courseId: bench.course.courseId }]);
    expect(bench.errors).toMatchObject([{ subject: subject(), about: `run:${runId}` }]);
    const second = await rerun(runId);
    await grade(second, broken);
    const third = await rerun(second);
    expect(await open()).toMatchObject([{ subject: subject(), count: 2 }]);
    await grade(third, {});
    expect(await open()).toEqual([]);
  });

  test("of one submission says nothing of another's", async () => {
    const [first, second] = [await bench.submit(), await bench.submit()];
    await grade(first.runId, broken);
    await grade(second.runId, {});
    expect(await open()).toMatchObject([{ subject: subject(), count: 1 }]);
  });

  test("is told until a newer submission of its student is graded, and not by an older one's grade", async () => {
    const older = await bench.submit();
    const { userId } = older;
    const newer = await bench.submit({ userId, number: 2 });
    await grade(newer.runId, broken);
    await grade(older.runId, {});
    expect(await open()).toHaveLength(1);
    await grade((await bench.submit({ userId, number: 3 })).runId, {});
    expect(await open()).toEqual([]);
  });

  test("notice flood: a class at a broken exercise is one entry with a count, and hides nothing else", async () => {
    const { courseId } = bench.course;
    const other = { action: "storage.full", subject: `course:${courseId}`, reason: "It is full." } as const;
    await bench.store.tellStaff(other);
    const mallory = await bench.addStudent("Mallory");
    for (let number = 1; number <= 21; number += 1)
      await grade((await bench.submit({ userId: mallory, number })).runId, broken);
    for (let student = 0; student < 9; student += 1) await grade((await bench.submit()).runId, broken);
    const shown = (await listNotices({ db: bench.db } as Services, courseId, "a-course")).open;
    expect(shown).toMatchObject([
      { title: "Runs could not be graded", count: 30 },
      { reason: "It is full." },
    ]);
    expect(shown[0]?.link?.href).toContain("/submissions/all?state=not_gradable&exercise=");
    await grade((await bench.submit({ userId: mallory, number: 22 })).runId, {});
    expect(await open()).toHaveLength(2);
  });
});
