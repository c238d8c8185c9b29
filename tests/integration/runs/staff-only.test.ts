import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLogTail } from "#app/_server/queries/run/log-tail.ts";
import { findRun } from "#app/_server/queries/run/run.ts";
import type { RunFault, RunResult } from "#grading/protocol/messages.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import { createQueuePlaces } from "#infra/db/runs/queue-places.ts";
import { type FleetBench, fullResult, openFleetBench, outcome, takeOrder } from "./fleet-bench.ts";

/** As an answer key, a hidden file or the engine's own error would be: what only staff may ever read. */
const canary = "CANARY-right-answer-4711";
let bench: FleetBench;
beforeAll(async () => {
  bench = await openFleetBench();
});
afterAll(() => bench?.close());

/** All that the pages, the API and the live events of a run are made from, as its student gets them. */
async function studentSees(runId: string): Promise<string> {
  const services = {
    db: bench.db,
    config: { fleetMax: 2, keepDays: defaultKeepDays },
    clock: bench.now,
    queuePlaces: createQueuePlaces(bench.db, { fleetMax: 2, clock: bench.now }),
  } as never;
  const view = await findRun(services, runId);
  const tail = await readLogTail(services, runId, 1000);
  const events = await bench.db.runEvent.findMany({ where: { runId } });
  return JSON.stringify([view, tail, events.map(({ type, payload }) => ({ type, payload }))]);
}

const fault = (fields: Partial<RunFault>): RunFault => ({
  code: "check",
  check: bench.course.spec.checks[0]?.id ?? "",
  triedAgain: false,
  detail: `Error: ${canary}\n    at /opt/drydock/agent.mjs`,
  ...fields,
});

async function report(runId: string, change: Partial<RunResult>): Promise<void> {
  const { session, order, machineId } = await takeOrder(bench, runId);
  await bench.service.reportResult(session, { ...fullResult(bench, order), checks: [], ...change });
  await bench.store.closeMachine(machineId);
}

const told = async () =>
  (await bench.db.notice.findMany({ where: { closedAt: null } })).map(({ reason }) => reason);

describe("what a machine says of a fault", () => {
  for (const code of ["check", "files", "engine", "kubernetes", "agent"] as const)
    for (const kind of ["platform_fault", "check_fault"] as const)
      test(`of code ${code}, as a ${kind}, reaches staff and no payload of a student's`, async () => {
        const { runId } = await bench.submit();
        await report(runId, { outcome: kind, fault: fault({ code }) });
        const seen = await studentSees(runId);
        expect(seen).toContain("queued");
        expect(seen).not.toContain(canary);
        expect(seen).not.toContain("/opt/drydock");
        const claim = await bench.db.runClaim.findFirstOrThrow({ where: { runId, attempt: 1 } });
        expect(claim.staffDetail).toContain(canary);
        await bench.acts.cancel(
          { runId, userId: bench.course.taId, as: "staff", reason: "Done." },
          bench.now(),
        );
      });

  test("cannot put words of its own before a student", async () => {
    const { runId } = await bench.submit();
    await report(runId, { outcome: "platform_fault", fault: fault({ check: `x${canary}` }) });
    expect(await studentSees(runId)).not.toContain(canary);
    await bench.acts.cancel({ runId, userId: bench.course.taId, as: "staff", reason: "Done." }, bench.now());
  });
});

test("staff-only output of a graded run is in no payload of its student's", async () => {
  const { runId } = await bench.submit();
  const checks = bench.course.spec.checks.map((check) => outcome(check, { staffOutput: canary }));
  await report(runId, { checks });
  await bench.store.finishScoring(runId);
  expect(await studentSees(runId)).not.toContain(canary);
  const stored = await bench.db.checkResult.findMany({ where: { runId } });
  expect(stored.every(({ staffOutput }) => staffOutput === canary)).toBe(true);
});

describe("a check that breaks on what was handed in", () => {
  test("twice in its machine ends the run on that machine: no platform fault, staff told which check", async () => {
    const { runId } = await bench.submit();
    await report(runId, { outcome: "check_fault", fault: fault({ triedAgain: true }) });
    const run = await bench.run(runId);
    expect(run).toMatchObject({ state: "not_gradable", attempt: 1, platformFaults: 0, checkFaults: 1 });
    const [check] = bench.course.spec.checks;
    expect(run.reason).toContain(check?.title);
    expect(await told()).toEqual([expect.stringContaining(`${check?.id} (${check?.kind})`)]);
  });

  test("and could not be repeated there takes one further machine, and no third", async () => {
    const { runId } = await bench.submit();
    await report(runId, { outcome: "check_fault", fault: fault({}) });
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
    await report(runId, { outcome: "check_fault", fault: fault({}) });
    expect(await bench.run(runId)).toMatchObject({
      state: "not_gradable",
      attempt: 2,
      platformFaults: 0,
      checkFaults: 2,
    });
    expect(await told()).toHaveLength(1);
  });
});
