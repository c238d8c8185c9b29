import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultSite, openFaultSite, until } from "./support/fault-site.ts";

let site: FaultSite;
beforeEach(async () => {
  site = await openFaultSite();
});
afterEach(() => site.close());

const liveMachine = async (runId: string) => {
  const machine = await site.db.machine.findFirst({
    where: { runId, state: { in: ["requested", "booting", "ready", "assigned"] } },
  });
  return machine?.id ?? null;
};
const untilMachine = async (runId: string): Promise<string> => {
  let id: string | null = null;
  await until(async () => {
    id = await liveMachine(runId);
    return id !== null;
  });
  return id ?? "";
};
const stateSentences = async (runId: string) => {
  const events = await site.db.runEvent.findMany({ where: { runId, type: "state" }, orderBy: { id: "asc" } });
  return events.map((event) => (event.payload as { detail: string }).detail);
};

test("a launch whose reply is lost is found by its tags, and its machine grades", async () => {
  await site.steer("lose-launch-reply");
  await site.hold("session");
  await site.startWorker();
  const { submissionId, runId } = await site.submit();
  await until(
    async () => (await site.db.machine.count({ where: { runId, instanceId: { not: null } } })) === 1,
  );
  await site.unhold("session");
  const { run, machines } = await site.expectGradedOnce(submissionId);
  expect(run.attempt).toBe(1);
  expect(machines).toHaveLength(1);
});

test("a machine that is interrupted while it grades costs the student nothing: the run is tried again", async () => {
  await site.hold("result");
  await site.startWorker();
  const { submissionId, runId } = await site.submit();
  await site.runState(runId, "running");
  const first = await untilMachine(runId);
  await site.killMachine(first);
  await until(async () => (await site.db.run.findUniqueOrThrow({ where: { id: runId } })).attempt === 2);
  await site.unhold("result");
  const { run, machines } = await site.expectGradedOnce(submissionId);
  expect(run).toMatchObject({ attempt: 2, platformFaults: 1 });
  expect(machines).toHaveLength(2);
  expect(await stateSentences(runId)).toContain("The machine was interrupted. Trying again.");
});

test("a machine that falls silent is replaced, and what it posts later changes nothing", async () => {
  await site.steer("fail-terminate");
  await site.hold("result");
  await site.startWorker();
  const { submissionId, runId } = await site.submit();
  await site.runState(runId, "running");
  const old = await untilMachine(runId);
  await site.silence(old);
  await until(async () => (await site.db.run.findUniqueOrThrow({ where: { id: runId } })).attempt === 2);
  await site.unhold("result");
  await site.runState(runId, "graded");
  // The old machine comes back, posts its result of attempt 1, is refused and powers off.
  await site.wake(old);
  await until(async () =>
    (await site.listMachines()).some((machine) => machine.machineId === old && machine.state === "stopped"),
  );
  await site.unsteer("fail-terminate");
  const { run } = await site.expectGradedOnce(submissionId);
  expect(run).toMatchObject({ attempt: 2, platformFaults: 1 });
});

test("three machines lost in a row make the run not gradable, with staff told and nothing left running", async () => {
  await site.hold("result");
  await site.startWorker();
  const { runId } = await site.submit();
  for (let attempt = 1; attempt <= 3; attempt++) {
    await until(
      async () => (await site.db.run.count({ where: { id: runId, attempt, state: "running" } })) === 1,
    );
    await site.killMachine(await untilMachine(runId));
  }
  await site.runState(runId, "not_gradable");
  const run = await site.db.run.findUniqueOrThrow({ where: { id: runId }, include: { checks: true } });
  expect(run).toMatchObject({ attempt: 3, platformFaults: 3, score: null, checks: [] });
  expect(run.reason).toBe("The machine was interrupted.");
  expect(await site.db.notice.count({ where: { code: "run.not_gradable", count: 1 } })).toBe(1);
  await until(async () => (await site.db.machine.count({ where: { state: { not: "terminated" } } })) === 0);
  await until(async () => (await site.listMachines()).length === 0);
});

test("a machine of ours that no row knows is ended, and one of another installation is left alone", async () => {
  await site.plantMachine("mch_orphan", "ours");
  await site.plantMachine("mch_stranger", "another's");
  await site.startWorker();
  await until(async () => (await site.listMachines()).every((machine) => machine.machineId !== "mch_orphan"));
  expect((await site.listMachines()).map((machine) => [machine.machineId, machine.state])).toEqual([
    ["mch_stranger", "running"],
  ]);
});

test("a machine that cannot be ended at first is tried again until it is gone", async () => {
  await site.steer("fail-terminate");
  await site.startWorker();
  const { submissionId, runId } = await site.submit();
  await site.runState(runId, "graded");
  await until(async () => site.log.join("").includes("could not be ended"));
  expect(await site.db.machine.count({ where: { runId, state: "draining" } })).toBe(1);
  await site.unsteer("fail-terminate");
  await site.expectGradedOnce(submissionId);
});
