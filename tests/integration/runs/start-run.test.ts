import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LaunchError } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { readPlaces } from "#infra/db/machines/fleet-places.ts";
import { type FleetBench, fullResult, launchFor, openFleetBench, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 2 });
});
afterEach(() => bench.close());

const machineOf = (id: string) => bench.db.machine.findUniqueOrThrow({ where: { id } });

describe("starting a run", () => {
  test("writes the machine's row with its lease before it is launched, and hands over the same lease", async () => {
    const { runId } = await bench.submit();
    const { machineId } = await launchFor(bench, runId);
    const machine = await machineOf(machineId);
    expect(machine).toMatchObject({ state: "booting", runId, runAttempt: 1, provider: "memory" });
    // 600 s for the exercise, 60 to boot, 90 for the engine to start, 60 to report.
    expect(machine.leaseUntil.getTime() - bench.now().getTime()).toBe(810_000);
    const launched = bench.provider.machines.get(machineId);
    expect(launched?.spec.userData.leaseUntil).toBe(machine.leaseUntil.toISOString());
    expect(await bench.run(runId)).toMatchObject({ state: "provisioning", claimedAt: bench.now() });
  });

  test("twice at once makes one machine", async () => {
    const { runId } = await bench.submit();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => bench.starter.start(runId)));
    expect(outcomes.filter((outcome) => outcome.outcome === "started")).toHaveLength(1);
    expect(bench.provider.machines.size).toBe(1);
    expect(await bench.db.runClaim.count()).toBe(1);
  });

  test("never makes more machines than the fleet may have, however many start at once", async () => {
    const runs = [];
    for (let i = 0; i < 6; i++) runs.push(await bench.submit());
    await bench.warm();
    await Promise.all(runs.map(({ runId }) => bench.starter.start(runId)));
    expect(bench.provider.machines.size).toBe(2);
    expect(await bench.db.run.count({ where: { state: "queued" } })).toBe(4);
  });

  test("takes one place while the fleet is counted, in whatever moment its machine's row is written", async () => {
    const { runId } = await bench.submit();
    const lease = new Date(bench.now().getTime() + 60_000);
    const limits = {
      fleetMax: 2,
      worker: "w",
      machineKinds: ["engine" as const],
      leaseOf: () => lease,
    };
    expect(await bench.store.claimRun(runId, limits)).toMatchObject({ outcome: "claimed" });
    let asked = 0;
    // Two statements would see two instants: the run in both, or in none.
    const counting = {
      $queryRaw: (...query: Parameters<typeof bench.db.$queryRaw>) => {
        asked += 1;
        return bench.db.$queryRaw(...query);
      },
    } as never;
    const own = { provider: "memory", timings: defaultTimings };
    const count = () => readPlaces(counting, own, bench.now());
    const machine = { id: "mch_1", provider: "memory", machineKind: "engine" as const, leaseUntil: lease };
    const [, ...counted] = await Promise.all([
      bench.store.requestMachine(
        { runId, attempt: 1 },
        { ...machine, tokenHash: "0".repeat(64), usdPerHour: 1 },
      ),
      ...Array.from({ length: 20 }, count),
    ]);
    expect(counted.map(({ live, claimed }) => live + claimed)).toEqual(Array(20).fill(1));
    expect(asked).toBe(20);
  });

  test("waits while another worker claims: both would see the last place free", async () => {
    const { runId } = await bench.submit();
    const lock = await bench.takeLock("fleet");
    const start = bench.starter.start(runId);
    await lock.untilWanted();
    expect((await bench.run(runId)).state).toBe("queued");
    await lock.release();
    expect((await start).outcome).toBe("started");
  });

  test("a younger run waits for the older one although its job came first", async () => {
    const [first, second, third] = [await bench.submit(), await bench.submit(), await bench.submit()];
    expect(await bench.starter.start(third.runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.starter.start(second.runId)).toMatchObject({ outcome: "started" });
    expect(await bench.starter.start(third.runId)).toMatchObject({ outcome: "waiting" });
    expect(await bench.starter.start(first.runId)).toMatchObject({ outcome: "started" });
  });

  test("a machine takes its place in the fleet until it is gone", async () => {
    const [first, second, third] = [await bench.submit(), await bench.submit(), await bench.submit()];
    const done = await takeOrder(bench, first.runId);
    await launchFor(bench, second.runId);
    await bench.service.reportResult(done.session, fullResult(bench, done.order));
    await bench.store.finishScoring(first.runId);
    expect(await bench.starter.start(third.runId)).toMatchObject({ outcome: "waiting" });
    await bench.store.closeMachine(done.machineId);
    expect(bench.woken).toContain("queued");
    expect(await bench.starter.start(third.runId)).toMatchObject({ outcome: "started" });
  });

  test("a run that is not queued, or unknown, is left alone", async () => {
    const { runId } = await bench.submit();
    await launchFor(bench, runId);
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "not-queued" });
    expect(await bench.starter.start("run_none")).toMatchObject({ outcome: "not-queued" });
  });
});

describe("a launch that fails", () => {
  test.each(["insufficient-capacity", "throttled", "unreachable"] as const)(
    "for %s puts the run back uncharged, closes the machine free of cost and pauses",
    async (kind) => {
      const { runId } = await bench.submit();
      bench.provider.failures.push(new LaunchError(kind, "Come back later."));
      expect(await bench.starter.start(runId)).toMatchObject({ outcome: "no-machine", kind });
      expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
      const [machine] = await bench.db.machine.findMany();
      expect(machine).toMatchObject({ state: "terminated", instanceId: null });
      expect(Number(machine?.costUsd)).toBe(0);
      expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
      bench.pass(5_000);
      expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
      expect(await bench.db.notice.count()).toBe(0);
    },
  );

  test("for a wrong set-up makes runs wait and opens one notice, which the next launch closes", async () => {
    const { runId } = await bench.submit();
    for (let i = 0; i < 3; i++) {
      bench.provider.failures.push(new LaunchError("misconfigured", "The image is missing."));
      expect((await bench.starter.start(runId)).outcome).toBe("no-machine");
      bench.pass(300_000);
    }
    expect(await bench.db.notice.findMany()).toMatchObject([
      {
        code: "fleet.misconfigured",
        subject: "provider:memory/engine",
        reason: "The machine for Docker exercises cannot be started: The image is missing.",
        courseId: null,
        count: 3,
        closedAt: null,
      },
    ]);
    expect(bench.errors).toMatchObject(
      [1, 2, 3].map((count) => ({ code: "fleet.misconfigured", subject: "provider:memory/engine", count })),
    );
    expect(await bench.run(runId)).toMatchObject({ state: "queued", platformFaults: 0 });
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
    expect(await bench.db.notice.findMany()).toMatchObject([{ closedAt: bench.now(), closedById: null }]);
  });

  test("by a lost reply is asked again and finds its one machine", async () => {
    const { runId } = await bench.submit();
    bench.provider.failures.push(new Error("socket hang up"));
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
    expect(bench.provider.machines.size).toBe(1);
  });
});

test("a machine that was launched for a run cancelled meanwhile is ended, not recorded as working", async () => {
  const { runId } = await bench.submit();
  const launch = bench.provider.launch.bind(bench.provider);
  bench.provider.launch = async (spec) => {
    await bench.acts.cancel(
      { runId, userId: bench.course.taId, as: "staff", reason: "Wrong file." },
      bench.now(),
    );
    await bench.store.closeMachine(spec.machineId);
    return launch(spec);
  };
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "given-up" });
  expect(bench.provider.machines.size).toBe(0);
  expect((await bench.run(runId)).state).toBe("cancelled");
});

test("the cost is the seconds from launch to end at the price of the launch", async () => {
  const { runId } = await bench.submit();
  const { machineId } = await launchFor(bench, runId);
  bench.pass(30_000);
  await bench.store.endMachine({ machineId, how: "drain", reason: "Enough." });
  bench.pass(10_000);
  await bench.store.closeMachine(machineId);
  await bench.store.closeMachine(machineId);
  // 3.60 USD an hour are 0.001 a second.
  expect(Number((await machineOf(machineId)).costUsd)).toBe(0.04);
});
