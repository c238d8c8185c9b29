import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import { type FleetBench, fullResult, openFleetBench, outcome, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterEach(() => bench.close());

const by = (as: "student" | "staff") => ({
  as,
  userId: as === "student" ? bench.course.studentId : bench.course.taId,
  reason: "It should be better.",
});
const rerun = (runId: string, as: "student" | "staff" = "staff") =>
  bench.acts.rerun({ runId, ...by(as) }, bench.now());
const cancel = (runId: string) =>
  bench.acts.cancel({ runId, userId: bench.course.taId, as: "staff", reason: "Enough." }, bench.now());
const makeCount = (runId: string) =>
  bench.acts.makeCount({ runId, userId: bench.course.taId, reason: "The first was fair." }, bench.now());

async function rerunOf(runId: string, as: "student" | "staff" = "staff"): Promise<string> {
  const made = await rerun(runId, as);
  if (made.outcome !== "queued") throw new Error(made.message);
  return made.runId;
}

/** Grades with all points, or with none for the last check. */
async function grade(runId: string, points: "all" | "some" = "all") {
  const { session, order, machineId } = await takeOrder(bench, runId);
  const full = fullResult(bench, order);
  const [first, last] = bench.course.spec.checks;
  if (!first || !last) throw new Error("The seeded exercise has two checks.");
  const failed = outcome(last, { verdict: "failed", fault: "student", points: 0 });
  const checks = points === "all" ? full.checks : [outcome(first), failed];
  await bench.service.reportResult(session, { ...full, checks });
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
}

/** Ends with a check that the exercise itself could not grade. */
async function failToGrade(runId: string) {
  const { session, order, machineId } = await takeOrder(bench, runId);
  const checks = bench.course.spec.checks.map((check) =>
    outcome(check, { verdict: "not_graded", fault: "exercise", points: 0 }),
  );
  await bench.service.reportResult(session, { ...fullResult(bench, order), checks });
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
  expect((await bench.run(runId)).state).toBe("not_gradable");
}

const countedOf = async (submissionId: string) => {
  const runs = await bench.db.run.findMany({ where: { submissionId, counts: true } });
  expect(runs).toHaveLength(1);
  return runs[0];
};

describe("throwing dice for a graded result", () => {
  test("by the rerun of an older run that was not gradable is refused, and the grade stays", async () => {
    const { runId, submissionId } = await bench.submit();
    await failToGrade(runId);
    const graded = await rerunOf(runId, "student");
    await grade(graded, "some");
    expect(await rerun(runId, "student")).toMatchObject({ outcome: "refused", code: "result-stands" });
    expect(await rerun(graded, "student")).toMatchObject({ outcome: "refused", code: "result-stands" });
    expect(await countedOf(submissionId)).toMatchObject({ id: graded, state: "graded" });
    expect(await bench.db.run.count({ where: { submissionId } })).toBe(2);
  });

  test("is bounded where nothing was graded: a student asks twice for a submission, staff as often as they like", async () => {
    const { runId } = await bench.submit();
    await failToGrade(runId);
    for (let asked = 0; asked < 2; asked++) await failToGrade(await rerunOf(runId, "student"));
    const third = await rerun(runId, "student");
    expect(third).toMatchObject({ outcome: "refused", code: "reruns-used-up" });
    expect(third).toMatchObject({ message: expect.stringMatching(/2 times.*[Aa]sk the staff/) });
    for (let asked = 0; asked < 3; asked++) await failToGrade(await rerunOf(runId, "staff"));
    expect(await rerun(runId, "student")).toMatchObject({ code: "reruns-used-up" });
    const other = await bench.submit();
    await failToGrade(other.runId);
    expect(await rerun(other.runId, "student")).toMatchObject({ outcome: "queued" });
  });

  test("is bounded too where the student cancels each of them while it waits", async () => {
    const { runId, submissionId } = await bench.submit();
    const withdraw = (id: string) => bench.acts.cancel({ runId: id, ...by("student") }, bench.now());
    expect(await withdraw(runId)).toEqual({ outcome: "cancelled" });
    let last = runId;
    for (let asked = 0; asked < 2; asked++) {
      last = await rerunOf(last, "student");
      expect(await withdraw(last)).toEqual({ outcome: "cancelled" });
    }
    expect(await rerun(last, "student")).toMatchObject({ outcome: "refused", code: "reruns-used-up" });
    expect(await bench.db.run.count({ where: { submissionId } })).toBe(3);
  });

  test("by many requests at once makes one rerun, and no more than two in all", async () => {
    const { runId, submissionId } = await bench.submit();
    await failToGrade(runId);
    await bench.warm();
    const asked = await Promise.all([1, 2, 3, 4, 5].map(() => rerun(runId, "student")));
    expect(asked.filter((one) => one.outcome === "queued")).toHaveLength(1);
    expect(await bench.db.run.count({ where: { submissionId } })).toBe(2);
  });
});

describe("a graded result counts until another one is graded", () => {
  test("while its rerun waits and is graded, and then that one counts in the same moment", async () => {
    const { runId, submissionId } = await bench.submit();
    await grade(runId, "some");
    const again = await rerunOf(runId);
    expect((await countedOf(submissionId))?.id).toBe(runId);
    await grade(again);
    expect(await countedOf(submissionId)).toMatchObject({ id: again, state: "graded" });
  });

  test("a rerun that is cancelled erases nothing", async () => {
    const { runId, submissionId } = await bench.submit();
    await grade(runId);
    const again = await rerunOf(runId);
    expect(await cancel(again)).toEqual({ outcome: "cancelled" });
    expect(await countedOf(submissionId)).toMatchObject({ id: runId, state: "graded" });
  });

  test("a rerun that cannot be graded erases nothing", async () => {
    const { runId, submissionId } = await bench.submit();
    await grade(runId);
    await failToGrade(await rerunOf(runId));
    expect(await countedOf(submissionId)).toMatchObject({ id: runId, state: "graded" });
  });

  test("but a run without a result gives way at once to its rerun, whatever that ends in", async () => {
    const { runId, submissionId } = await bench.submit();
    await failToGrade(runId);
    const second = await rerunOf(runId);
    expect(await countedOf(submissionId)).toMatchObject({ id: second, state: "queued" });
    await cancel(second);
    expect(await countedOf(submissionId)).toMatchObject({ id: second, state: "cancelled" });
    const third = await rerunOf(runId);
    await grade(third);
    expect(await countedOf(submissionId)).toMatchObject({ id: third, state: "graded" });
  });
});

describe("staff make another graded run count", () => {
  async function twoResults() {
    const { runId, submissionId } = await bench.submit();
    await grade(runId);
    const again = await rerunOf(runId);
    await grade(again, "some");
    return { first: runId, second: again, submissionId };
  }

  test("and the audit says who, when, before, after and why; the same act undoes it", async () => {
    const { first, second, submissionId } = await twoResults();
    expect(await makeCount(first)).toEqual({ outcome: "counts" });
    expect((await countedOf(submissionId))?.id).toBe(first);
    const [entry] = await bench.db.auditEntry.findMany({ where: { action: "run.make-count" } });
    expect(entry).toMatchObject({
      subject: `submission:${submissionId}`,
      userId: bench.course.taId,
      at: bench.now(),
      before: { run: second, score: "5" },
      after: { run: first, score: "20" },
      reason: "The first was fair.",
    });
    expect(await makeCount(second)).toEqual({ outcome: "counts" });
    expect((await countedOf(submissionId))?.id).toBe(second);
    expect(await bench.db.auditEntry.count({ where: { action: "run.make-count" } })).toBe(2);
  });

  test("but never one without a result, one that counts already, or one that is not there", async () => {
    const { first, second, submissionId } = await twoResults();
    const ungraded = await rerunOf(first);
    expect(await makeCount(first)).toMatchObject({ outcome: "refused", code: "still-under-way" });
    await cancel(ungraded);
    expect(await makeCount(ungraded)).toMatchObject({ outcome: "refused", code: "not-graded" });
    expect(await makeCount(second)).toMatchObject({ outcome: "refused", code: "counts-already" });
    expect(await makeCount("run_none")).toMatchObject({ outcome: "refused", code: "no-such-run" });
    expect((await countedOf(submissionId))?.id).toBe(second);
    expect(await bench.db.auditEntry.count({ where: { action: "run.make-count" } })).toBe(0);
  });

  test("while two do it at once and a rerun is scored: one counts, and nobody waits for ever", async () => {
    const { first, second, submissionId } = await twoResults();
    await bench.warm();
    for (let round = 0; round < 5; round++) {
      const again = await rerunOf(first);
      const { session, order, machineId } = await takeOrder(bench, again);
      await bench.service.reportResult(session, fullResult(bench, order));
      await Promise.all([
        makeCount(first),
        bench.store.finishScoring(again),
        makeCount(second),
        rerun(first),
        bench.store.finishScoring(again),
      ]);
      expect((await countedOf(submissionId))?.state).toBe("graded");
      await bench.store.closeMachine(machineId);
      for (const open of await bench.db.run.findMany({ where: { state: "queued" } })) await cancel(open.id);
    }
  });
});

test("a machine's late result of a cancelled rerun takes nothing over", async () => {
  const { runId, submissionId } = await bench.submit();
  await grade(runId);
  const again = await rerunOf(runId);
  const { session, order } = await takeOrder(bench, again);
  await cancel(again);
  await expect(bench.service.reportResult(session, fullResult(bench, order))).rejects.toThrow(AgentRefusal);
  await bench.store.finishScoring(again);
  expect((await countedOf(submissionId))?.id).toBe(runId);
});
