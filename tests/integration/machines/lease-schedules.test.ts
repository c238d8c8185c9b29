import { afterEach, beforeEach, expect, test } from "vitest";
import type { LeaseSchedules, ScheduledEnd } from "#grading/machines/ending/lease-schedules.ts";
import { draining } from "#workers/reconcilers/draining.ts";
import { leaseSchedules } from "#workers/reconcilers/lease-schedules.ts";
import { type FleetBench, launchFor, openFleetBench } from "../runs/fleet-bench.ts";

let bench: FleetBench;
/** Those that are there, and what is thrown instead of making one. */
let there: Map<string, ScheduledEnd>;
let failure: Error | null;
let look: () => Promise<void>;
beforeEach(async () => {
  bench = await openFleetBench();
  there = new Map();
  failure = null;
  look = leaseSchedules(bench.fleet(), schedules).pass;
});
afterEach(() => bench.close());

const schedules: LeaseSchedules = {
  make: async (end) => {
    if (failure !== null) throw failure;
    if (!there.has(end.machineId)) there.set(end.machineId, end);
  },
  remove: async (machineId) => void there.delete(machineId),
};
const started = async () => launchFor(bench, (await bench.submit()).runId);
const notices = () => bench.db.notice.findMany();

test("a machine that has no schedule gets one, five minutes after its lease, which later leases leave alone", async () => {
  const { machineId, instanceId } = await started();
  const { leaseUntil } = await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } });
  await look();
  const end = { machineId, instanceId, at: new Date(leaseUntil.getTime() + 300_000) };
  expect([...there.values()]).toEqual([end]);
  // As a run does that takes a machine of the pool.
  const sooner = new Date(leaseUntil.getTime() - 300_000);
  await bench.db.machine.update({ where: { id: machineId }, data: { leaseUntil: sooner } });
  await look();
  expect([...there.values()]).toEqual([end]);
});

test("one that cannot be made stops no grading; staff are told once, and it is made as soon as it can be", async () => {
  failure = new Error("The permission scheduler:CreateSchedule is missing.");
  const { machineId } = await started();
  for (let i = 0; i < 3; i += 1) await look();
  expect(await notices()).toMatchObject([
    { code: "fleet.no-schedule", subject: "provider:memory", count: 1, closedAt: null },
  ]);
  expect((await notices())[0]?.reason).toContain("scheduler:CreateSchedule is missing");
  expect(await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } })).toMatchObject({
    state: "booting",
  });
  failure = null;
  await look();
  expect([...there.keys()]).toEqual([machineId]);
  expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
});

test("staff are told once of what every machine lacks, also where there is none for a while", async () => {
  failure = new Error("The permission scheduler:CreateSchedule is missing.");
  const { runId } = await bench.submit();
  for (let i = 0; i < 3; i += 1) {
    const { machineId } = await launchFor(bench, runId);
    await look();
    await bench.store.endMachine({ machineId, how: "drain", reason: "Over.", excused: true });
    const ending = draining(bench.fleet());
    await ending.pass();
    await ending.settle?.();
    await look();
  }
  expect(await notices()).toMatchObject([{ code: "fleet.no-schedule", count: 1, closedAt: null }]);
  failure = null;
  await launchFor(bench, runId);
  await look();
  expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
});

test("goes with its machine, not before nothing is left of it; those of machines that no row knows are left", async () => {
  const { machineId } = await started();
  const stray = { machineId: "mch_of_another", instanceId: "i-1", at: new Date() };
  there.set(stray.machineId, stray);
  await look();
  await bench.store.endMachine({ machineId, how: "drain", reason: "Over." });
  await look();
  expect(there.has(machineId)).toBe(true);
  const ending = draining(bench.fleet());
  await ending.pass();
  await ending.settle?.();
  await look();
  expect([...there.keys()]).toEqual([stray.machineId]);
});

test("none is made for an instant that is over: the worker itself ends such a machine", async () => {
  const { machineId } = await started();
  const { leaseUntil } = await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } });
  bench.pass(leaseUntil.getTime() + 300_000 - bench.now().getTime());
  await look();
  expect(there.size).toBe(0);
});
