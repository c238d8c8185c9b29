import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FaultSite, openFaultSite, until } from "./support/fault-site.ts";

let site: FaultSite;
beforeEach(async () => {
  site = await openFaultSite();
});
afterEach(() => site.close());

const machineCount = () => site.db.machine.count();

/** Kills the worker when it is about to bring the run or its machine into this state, then starts it again. */
async function killBefore(table: "run" | "machine", state: string) {
  await site.points.hold(table, state);
  await site.startWorker();
  const { submissionId, runId } = await site.submit();
  await site.points.untilHeld();
  await site.killWorker();
  await site.points.release();
  const { state: leftAt } = await site.db.run.findUniqueOrThrow({ where: { id: runId } });
  await site.startWorker();
  return { submissionId, runId, leftAt };
}

describe("a worker that is killed and started again ends the run graded once:", () => {
  test("killed while it claims the run", async () => {
    const { submissionId, leftAt } = await killBefore("run", "claimed");
    expect(leftAt).toBe("queued");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("killed with the run claimed and no machine", async () => {
    const { submissionId, leftAt } = await killBefore("run", "provisioning");
    expect(leftAt).toBe("claimed");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(2);
  });

  test("killed with the machine requested and not launched", async () => {
    await site.hold("launch");
    await site.startWorker();
    const { submissionId, runId } = await site.submit();
    await site.launchHeld();
    await site.runState(runId, "provisioning");
    await site.killWorker();
    await site.unhold("launch");
    expect(await site.listMachines()).toEqual([]);
    await site.startWorker();
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(2);
  });

  test("killed with the machine launched and not yet recorded", async () => {
    await site.hold("session");
    const { submissionId, leftAt } = await killBefore("machine", "booting");
    expect(leftAt).toBe("provisioning");
    await site.unhold("session");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("killed while the machine opens its session", async () => {
    const { submissionId, leftAt } = await killBefore("machine", "ready");
    expect(leftAt).toBe("provisioning");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("killed while the machine takes its order", async () => {
    const { submissionId, leftAt } = await killBefore("run", "running");
    expect(leftAt).toBe("provisioning");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("killed with the run running: the machine goes on and reports to the next worker", async () => {
    await site.hold("result");
    await site.startWorker();
    const { submissionId, runId } = await site.submit();
    await until(async () => (await site.db.runEvent.count({ where: { runId, seq: { not: null } } })) === 6);
    await site.killWorker();
    await site.unhold("result");
    await site.startWorker();
    const { run } = await site.expectGradedOnce(submissionId);
    expect(run.attempt).toBe(1);
    expect(await machineCount()).toBe(1);
    const seqs = await site.db.runEvent.findMany({
      where: { runId, seq: { not: null } },
      orderBy: { id: "asc" },
      select: { seq: true },
    });
    expect(seqs.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("killed while it takes the result", async () => {
    const { submissionId, leftAt } = await killBefore("run", "scoring");
    expect(leftAt).toBe("running");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("killed with the results stored and no score", async () => {
    const { submissionId, leftAt } = await killBefore("run", "graded");
    expect(leftAt).toBe("scoring");
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("killed with the run graded and the machine not yet gone", async () => {
    await site.points.hold("machine", "terminated");
    await site.startWorker();
    const { submissionId, runId } = await site.submit();
    await site.runState(runId, "graded");
    await site.points.untilHeld();
    await site.killWorker();
    await site.points.release();
    await site.startWorker();
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });
});

test("a worker that is asked to stop leaves its machines to the next one", async () => {
  await site.hold("result");
  await site.startWorker();
  const { submissionId, runId } = await site.submit();
  await site.runState(runId, "running");
  expect(await site.stopWorker()).toBe(0);
  expect((await site.listMachines()).map((instance) => instance.state)).toEqual(["running"]);
  await site.unhold("result");
  await site.startWorker();
  expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
});
