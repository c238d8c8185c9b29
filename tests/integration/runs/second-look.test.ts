import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bootTimeout } from "#workers/reconcilers/boot-timeout.ts";
import { heartbeat } from "#workers/reconcilers/heartbeat.ts";
import { leaseExpiry } from "#workers/reconcilers/lease-expiry.ts";
import { lostMachines } from "#workers/reconcilers/lost-machines.ts";
import { runWithoutMachine } from "#workers/reconcilers/run-without-machine.ts";
import { settleFirst } from "#workers/settle-first.ts";
import {
  type FleetBench,
  fullResult,
  launchFor,
  openFleetBench,
  submitKubernetes,
  takeOrder,
} from "./fleet-bench.ts";

const hourMs = 3_600_000;
let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 3 });
});
afterEach(() => bench.close());

const everyLoop = async () => {
  for (const loop of [bootTimeout, heartbeat, leaseExpiry, lostMachines, runWithoutMachine]) {
    await loop(bench.fleet()).pass();
  }
};
const beat = (session: string) => bench.service.heartbeat(session, { phase: "grading" });
const isUntouched = async (runId: string, state: string) =>
  expect(await bench.run(runId)).toMatchObject({ state, attempt: 1, platformFaults: 0 });
const machineOf = (id: string) => bench.db.machine.findUniqueOrThrow({ where: { id } });

/** One that grades, one that boots, and one that was claimed a moment ago. */
async function fleetAtWork() {
  const [running, booting, claimed] = [await bench.submit(), await bench.submit(), await bench.submit()];
  const { session, machineId } = await takeOrder(bench, running.runId);
  const { token } = await launchFor(bench, booting.runId);
  await bench.store.claimRun(claimed.runId, {
    fleetMax: 3,
    machineKinds: ["engine"],
    worker: "bench",
    leaseOf: () => new Date(bench.now().getTime() + 720_000),
  });
  const untouched = async () => {
    await isUntouched(running.runId, "running");
    await isUntouched(booting.runId, "provisioning");
    await isUntouched(claimed.runId, "claimed");
  };
  return { running, booting, session, machineId, token, untouched };
}

describe("after a time in which nobody could be heard", () => {
  test.each([16_000, 20_000, 120_000])("of %d ms no machine is ended and no run is charged", async (ms) => {
    const { untouched, session } = await fleetAtWork();
    bench.gap(ms);
    await everyLoop();
    await untouched();
    // Everybody has a full period again, and the beats that come meanwhile count.
    bench.pass(14_000);
    await everyLoop();
    await untouched();
    await beat(session);
    bench.pass(14_000);
    await everyLoop();
    await untouched();
  });

  test("a machine that stays silent for a full period is ended", async () => {
    const { running } = await fleetAtWork();
    bench.gap(20_000);
    bench.pass(16_000);
    await everyLoop();
    expect(await bench.run(running.runId)).toMatchObject({ state: "queued", platformFaults: 1 });
  });

  test("a run that Drydock had claimed and could not give a machine goes back uncharged", async () => {
    await fleetAtWork();
    bench.gap(20_000);
    bench.pass(31_000);
    await runWithoutMachine(bench.fleet()).pass();
    const back = await bench.db.run.findFirstOrThrow({ where: { attempt: 2 } });
    expect(back).toMatchObject({
      state: "queued",
      platformFaults: 0,
      reason: "Drydock lost its database, or was restarted, while it prepared the machine.",
    });
  });

  test("nobody is silent while it lasts, although no call came through yet", async () => {
    const { untouched } = await fleetAtWork();
    bench.suspend(60_000);
    await everyLoop();
    await untouched();
  });

  test.each([leaseExpiry, lostMachines])(
    "a lease that ended in it is nobody's fault, also for a loop that looks before any call came through: %o",
    async (loop) => {
      const { running, machineId } = await fleetAtWork();
      const { leaseUntil } = await machineOf(machineId);
      bench.suspend(leaseUntil.getTime() - bench.now().getTime() + 1_000);
      // Its own timer ended it.
      const machine = bench.provider.machines.get(machineId);
      if (machine) bench.provider.machines.set(machineId, { ...machine, state: "stopped" });
      await loop(bench.fleet()).pass();
      expect(await bench.run(running.runId)).toMatchObject({
        ...{ state: "queued", attempt: 2, platformFaults: 0 },
        reason: "The machine's time was up while Drydock could not hear it.",
      });
    },
  );

  test("a beat that came and could not be taken down proves that this side was deaf", async () => {
    const { untouched } = await fleetAtWork();
    bench.pass(14_000);
    bench.hearing.missed();
    bench.pass(14_000);
    await everyLoop();
    await untouched();
  });
});

describe("when the clock is set", () => {
  test.each([hourMs, -hourMs])("by %d ms no machine is ended and no run is charged", async (ms) => {
    const { untouched, session, token } = await fleetAtWork();
    bench.jump(ms);
    await everyLoop();
    await untouched();
    await beat(session);
    bench.pass(10_000);
    await beat(session);
    await everyLoop();
    await untouched();
    // A machine that booted meanwhile is let in.
    expect(await bench.service.openSession(token)).toMatchObject({ session: expect.any(String) });
  });

  test("ahead, leases move along, once, and end when as much time has passed as before", async () => {
    const { machineId, session, running } = await fleetAtWork();
    const before = (await machineOf(machineId)).leaseUntil;
    bench.jump(hourMs);
    await Promise.all([1, 2, 3].map(everyLoop));
    expect((await machineOf(machineId)).leaseUntil.getTime() - before.getTime()).toBe(hourMs);
    for (let seconds = 0; seconds < 810; seconds += 10) {
      bench.pass(10_000);
      await beat(session);
    }
    await leaseExpiry(bench.fleet()).pass();
    expect(await bench.run(running.runId)).toMatchObject({
      state: "queued",
      reason: "The machine's time was up before the run had ended.",
    });
  });

  test("ahead, an agent that calls before any loop has looked is let in", async () => {
    const { booting, token } = await fleetAtWork();
    bench.jump(hourMs);
    const service = settleFirst(bench.service, bench.fleet().watch);
    expect(await service.openSession(token)).toMatchObject({ session: expect.any(String) });
    await isUntouched(booting.runId, "provisioning");
  });

  test("back, a run that was claimed and never got a machine goes back as soon as otherwise", async () => {
    await fleetAtWork();
    const { id } = await bench.db.run.findFirstOrThrow({ where: { state: "claimed" } });
    bench.jump(-hourMs);
    await everyLoop();
    bench.pass(31_000);
    await runWithoutMachine(bench.fleet()).pass();
    expect(await bench.run(id)).toMatchObject({ state: "queued", platformFaults: 0 });
  });

  test("back, a machine that died is found all the same", async () => {
    const { running } = await fleetAtWork();
    bench.jump(-hourMs);
    await everyLoop();
    bench.pass(16_000);
    await everyLoop();
    expect(await bench.run(running.runId)).toMatchObject({
      state: "queued",
      reason: "The machine stopped answering.",
    });
  });

  test("back, results that come then are taken and scored", async () => {
    const { runId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    bench.jump(-hourMs);
    await bench.service.reportResult(session, fullResult(bench, order));
    await bench.store.finishScoring(runId);
    await isUntouched(runId, "graded");
  });
});

describe("a loop looks again under the row's lock", () => {
  /** What another does between a loop's look and its act. */
  const between = (act: () => Promise<unknown>) => {
    const parts = bench.fleet();
    const sweeps = {
      ...parts.sweeps,
      working: async () => {
        const seen = await parts.sweeps.working();
        await act();
        return seen;
      },
      runsWithoutMachine: async (before: Date, after: Date) => {
        const seen = await parts.sweeps.runsWithoutMachine(before, after);
        await act();
        return seen;
      },
    };
    return { ...parts, sweeps };
  };

  test("and lets a machine live that beat meanwhile", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    bench.pass(16_000);
    await heartbeat(between(() => beat(session))).pass();
    await isUntouched(runId, "running");
  });

  test("and lets a machine live that called for the first time meanwhile", async () => {
    const { runId } = await bench.submit();
    const { token } = await launchFor(bench, runId);
    bench.pass(61_000);
    await bootTimeout(between(() => bench.service.openSession(token))).pass();
    await isUntouched(runId, "provisioning");
  });

  test("and lets a machine live that beat after the provider did not list it", async () => {
    const { runId } = await bench.submit();
    const { session, machineId } = await takeOrder(bench, runId);
    bench.pass(31_000);
    const machine = bench.provider.machines.get(machineId);
    bench.provider.machines.delete(machineId);
    const late = async () => {
      bench.pass(10);
      await beat(session);
    };
    await lostMachines(between(late)).pass();
    await isUntouched(runId, "running");
    if (machine) bench.provider.machines.set(machineId, machine);
  });

  test("and takes no run back that was given a machine meanwhile", async () => {
    const { runId } = await bench.submit();
    const limits = { fleetMax: 3, machineKinds: ["engine" as const], worker: "bench" };
    const leaseUntil = new Date(bench.now().getTime() + 720_000);
    await bench.store.claimRun(runId, { ...limits, leaseOf: () => leaseUntil });
    bench.pass(31_000);
    const request = () =>
      bench.store.requestMachine(
        { runId, attempt: 1 },
        {
          id: "mch_late",
          provider: "memory",
          machineKind: "engine",
          tokenHash: "a".repeat(64),
          leaseUntil,
          usdPerHour: 1,
        },
      );
    await runWithoutMachine(between(request)).pass();
    await isUntouched(runId, "provisioning");
  });

  test("and returns the run to the queue that took a machine of the pool while it was being ended", async () => {
    const idle = await bench.store.requestIdle(
      {
        id: "mch_idle",
        provider: "memory",
        machineKind: "engine+kubernetes",
        tokenHash: "a".repeat(64),
        leaseUntil: new Date(bench.now().getTime() + 2 * hourMs),
        usdPerHour: 1,
        poolNodes: 1,
      },
      { fleetMax: 3, size: 1, machineKinds: ["engine", "engine+kubernetes"], leaseOf: () => bench.now() },
    );
    expect(idle).toBe(true);
    await bench.store.recordLaunch("mch_idle", {
      instanceId: "m-mch_idle",
      offering: null,
      usdPerHour: null,
    });
    const runId = await submitKubernetes(bench);
    bench.pass(61_000);
    await bootTimeout(between(() => bench.starter.start(runId))).pass();
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2 });
    expect(await machineOf("mch_idle")).toMatchObject({ state: "draining", runId });
  });
});

test("a launch that the provider never answered costs its run nothing", async () => {
  const { runId } = await bench.submit();
  bench.provider.launch = () => Promise.reject(new Error("The provider did not answer."));
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "unclear" });
  expect(bench.starter.limits.machineKinds).toEqual([]);
  bench.pass(61_000);
  await bootTimeout(bench.fleet()).pass();
  expect(await bench.run(runId)).toMatchObject({
    state: "queued",
    attempt: 2,
    platformFaults: 0,
    reason: "The provider made no machine in time.",
  });
});
