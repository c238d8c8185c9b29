import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultSite, openFaultSite, until } from "./support/fault-site.ts";
import { shortTimings } from "./support/short-timings.ts";

/** In the short timings of these tests a machine is taken for dead after this long; each fault takes longer. */
const faultMs = 1.5 * Math.max(shortTimings.heartbeatStaleMs, shortTimings.bootTimeoutMs);
const hourMs = 3_600_000;

let site: FaultSite;
beforeEach(async () => {
  site = await openFaultSite();
});
afterEach(() => site.close());

/** One run grades and one machine boots when the fault happens; both must end as if nothing had been. */
async function survive(fault: () => Promise<unknown>) {
  await site.hold("result");
  await site.startWorker();
  const running = await site.submit();
  await site.runState(running.runId, "running");
  await site.hold("session");
  const booting = await site.submit();
  await site.runState(booting.runId, "provisioning");
  await until(async () => (await site.listMachines()).length === 2);
  // Otherwise nobody would be ended whatever happens.
  expect(site.log.join("")).not.toContain("cannot be heard");
  await fault();
  await site.unhold("session");
  await site.unhold("result");
  const runs = [];
  for (const { submissionId } of [running, booting]) {
    runs.push((await site.expectGradedOnce(submissionId)).run);
  }
  expect(runs.map(({ attempt, platformFaults }) => [attempt, platformFaults])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(await site.db.machine.count()).toBe(2);
}

test("Postgres stopped for longer than a machine may be silent interrupts no run", () =>
  survive(() => site.stopPostgres(faultMs)));

test("a worker that is suspended interrupts no run", () => survive(() => site.suspendWorker(faultMs)));

test("a clock that jumps ahead by an hour interrupts no run", () =>
  survive(async () => {
    site.jumpClock(hourMs);
    await until(async () => site.log.join("").includes("leases moved along"));
    // Every loop looks several times.
    await pause(1_000);
  }));

test("a clock that is set back by an hour interrupts no run", async () => {
  await site.hold("result");
  await site.startWorker();
  const { runId } = await site.submit();
  await site.runState(runId, "running");
  site.jumpClock(-hourMs);
  await pause(faultMs);
  await site.unhold("result");
  await site.runState(runId, "graded");
  expect(await site.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
    attempt: 1,
    platformFaults: 0,
  });
});

test("an engine that hangs interrupts no run; what waits for a machine gets one afterwards, uncharged", async () => {
  await site.hold("result");
  await site.startWorker();
  const running = await site.submit();
  await site.runState(running.runId, "running");
  await site.steer("hang");
  const waiting = await site.submit();
  await pause(faultMs);
  await site.unhold("result");
  // Grading needs no engine; only ending the machine does.
  await site.runState(running.runId, "graded");
  await site.unsteer("hang");
  const { run } = await site.expectGradedOnce(running.submissionId);
  expect(run).toMatchObject({ attempt: 1, platformFaults: 0 });
  expect((await site.expectGradedOnce(waiting.submissionId)).run).toMatchObject({ platformFaults: 0 });
});
