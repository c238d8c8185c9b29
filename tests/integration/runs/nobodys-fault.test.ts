import { afterEach, beforeEach, expect, test } from "vitest";
import { Hearing } from "#grading/machines/hearing.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { createFleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import { bootTimeout } from "#workers/reconcilers/boot-timeout.ts";
import { draining } from "#workers/reconcilers/draining.ts";
import { foreignMachines } from "#workers/reconcilers/foreign-machines.ts";
import { heartbeat } from "#workers/reconcilers/heartbeat.ts";
import { createWatch } from "#workers/reconcilers/kit/watch.ts";
import { leaseExpiry } from "#workers/reconcilers/lease-expiry.ts";
import { lostMachines } from "#workers/reconcilers/lost-machines.ts";
import { orphanMachines } from "#workers/reconcilers/orphan-machines.ts";
import { runWithoutMachine } from "#workers/reconcilers/run-without-machine.ts";
import { type FleetBench, MemoryProvider, openFleetBench, takeOrder } from "./fleet-bench.ts";

const hourMs = 3_600_000;
let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterEach(() => bench.close());

const everyLoop = async (parts = bench.fleet()) => {
  const loops = [bootTimeout, heartbeat, leaseExpiry, lostMachines, runWithoutMachine, orphanMachines];
  for (const loop of [...loops, foreignMachines, draining]) await loop(parts).pass();
};
const leaseOf = async (id: string) =>
  (await bench.db.machine.findUniqueOrThrow({ where: { id } })).leaseUntil;
const untilLeaseEnds = async (id: string) => (await leaseOf(id)).getTime() - bench.now().getTime();
const close = async () => {
  for (const { id } of await bench.sweeps.ending()) await bench.store.closeMachine(id);
};

test.each([true, false])(
  "a time without the database that is longer than the lease charges no run, even thrice (machine gone: %s)",
  async (gone) => {
    const { runId } = await bench.submit();
    for (let i = 0; i < 3; i++) {
      const { machineId } = await takeOrder(bench, runId);
      bench.gap((await untilLeaseEnds(machineId)) + 60_000);
      if (gone) bench.provider.machines.delete(machineId);
      await everyLoop();
      expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: i + 2, platformFaults: 0 });
      await close();
      bench.pass(2_000);
    }
  },
);

test("a machine that could be heard all the time, or long enough after a gap, is charged for its lease", async () => {
  const { runId } = await bench.submit();
  for (let i = 0; i < 2; i++) {
    const { machineId, session } = await takeOrder(bench, runId);
    if (i === 1) bench.gap(20_000);
    for (let left = await untilLeaseEnds(machineId); left > 0; left = await untilLeaseEnds(machineId)) {
      bench.pass(Math.min(left, 10_000));
      await bench.service.heartbeat(session, { phase: "grading" });
    }
    await everyLoop();
    expect(await bench.run(runId)).toMatchObject({ state: "queued", platformFaults: i + 1 });
    await close();
  }
});

test("workers that end between the claim and the machine's row cost a run nothing, however often", async () => {
  const { runId } = await bench.submit();
  for (let i = 0; i < 5; i++) {
    await bench.store.claimRun(runId, {
      ...{ fleetMax: 1, worker: `worker ${i}`, machineKinds: ["engine"] },
      leaseOf: () => new Date(bench.now().getTime() + hourMs),
    });
    bench.pass(31_000);
    await runWithoutMachine(bench.fleet()).pass();
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: i + 2, platformFaults: 0 });
  }
});

test("two workers that see a jump of the clock move the leases once, and once more for the next", async () => {
  const { runId } = await bench.submit();
  const { machineId } = await takeOrder(bench, runId);
  const before = await leaseOf(machineId);
  let mono = 0;
  const { heartbeatStaleMs, clockJumpMs: jumpMs } = defaultTimings;
  const hearing = () =>
    new Hearing({ clock: bench.now, monotonic: () => mono, gapMs: heartbeatStaleMs, jumpMs });
  const watches = [hearing(), hearing(), hearing()].map((one) =>
    createWatch(one, bench.store, bench.fleet().log),
  );
  for (const jumps of [1, 2]) {
    // Each has looked at another moment before, and looks at another after.
    for (const watch of watches) {
      bench.jump(700);
      mono += 700;
      await watch.look();
    }
    bench.jump(hourMs);
    await bench.warm();
    await Promise.all(watches.slice(1).map((watch) => watch.look()));
    bench.jump(900);
    mono += 900;
    await watches[0]?.look();
    expect((await leaseOf(machineId)).getTime() - before.getTime()).toBe(jumps * hourMs);
  }
});

/** The set-up is changed to another provider, while a run is under way. */
async function changeProvider() {
  class Other extends MemoryProvider {
    override readonly name = "other" as never;
  }
  const provider = new Other(bench.now);
  const own = { provider: "other", timings: defaultTimings };
  const store = createFleetStore(bench.mover, own);
  return bench.fleet({ provider, store, sweeps: createFleetSweeps(bench.db, own) });
}

test("a run of another provider's machine goes back uncharged once its lease is over and nobody hears of it", async () => {
  const { runId } = await bench.submit();
  const { machineId } = await takeOrder(bench, runId);
  // Ended by hand, as the notice says.
  bench.provider.machines.delete(machineId);
  const parts = await changeProvider();
  await everyLoop(parts);
  bench.pass((await untilLeaseEnds(machineId)) - 1_000);
  await everyLoop(parts);
  expect(await bench.run(runId)).toMatchObject({ state: "running", attempt: 1 });
  bench.pass(61_000);
  await everyLoop(parts);
  expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
  // Whether it lives nobody here can tell: staff are told as long as its row says that it may.
  expect(await bench.db.notice.findMany()).toMatchObject([
    { code: "fleet.foreign-machines", subject: "provider:memory", closedAt: null },
  ]);
  expect(await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } })).toMatchObject({
    state: "draining",
    endReason: "The machine of another provider was not heard of until its time was up.",
  });
});

test("another provider's machine that is heard keeps its run, though this clock says that its lease is over", async () => {
  const { runId } = await bench.submit();
  const { machineId, session } = await takeOrder(bench, runId);
  const parts = await changeProvider();
  bench.pass((await untilLeaseEnds(machineId)) + 1_000);
  await bench.service.heartbeat(session, { phase: "grading" }).catch(() => undefined);
  await bench.db.machine.update({ where: { id: machineId }, data: { heartbeatAt: bench.now() } });
  await everyLoop(parts);
  expect(await bench.run(runId)).toMatchObject({ state: "running" });
});
