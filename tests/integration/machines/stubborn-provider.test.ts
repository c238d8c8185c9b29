import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { limitCalls } from "#grading/machines/launching/limit-calls.ts";
import { LaunchError, type LaunchSpec } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { createFleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import { bootTimeout } from "#workers/reconcilers/boot-timeout.ts";
import { draining } from "#workers/reconcilers/draining.ts";
import { foreignMachines } from "#workers/reconcilers/foreign-machines.ts";
import { heartbeat } from "#workers/reconcilers/heartbeat.ts";
import { leaseExpiry } from "#workers/reconcilers/lease-expiry.ts";
import { lostMachines } from "#workers/reconcilers/lost-machines.ts";
import { orphanMachines } from "#workers/reconcilers/orphan-machines.ts";
import {
  type FleetBench,
  launchFor,
  MemoryProvider,
  openFleetBench,
  takeOrder,
} from "../runs/fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 2 });
});
afterEach(() => bench.close());

const never = () => new Promise<never>(() => {});
const limited = () => limitCalls(bench.provider, { launch: 50, list: 50, terminate: 50, price: 50 });
const notices = () => bench.db.notice.findMany({ orderBy: { subject: "asc" } });
const end = (machineId: string) => bench.store.endMachine({ machineId, how: "drain", reason: "Enough." });
const launched = async () => (await launchFor(bench, (await bench.submit()).runId)).machineId;

describe("machines of another provider", () => {
  /** What a worker has that came with another provider. */
  const other = () => {
    const own = { provider: "other", timings: defaultTimings };
    return bench.fleet({
      provider: Object.assign(new MemoryProvider(bench.now), { name: "other" }),
      sweeps: createFleetSweeps(bench.db, own),
      store: createFleetStore(bench.mover, own),
    });
  };

  test("are not taken for lost, silent or over, and no row is closed while its machine lives", async () => {
    const running = await bench.submit();
    const { machineId } = await takeOrder(bench, running.runId);
    const ending = await launched();
    await end(ending);
    bench.pass(3_600_000);
    const parts = other();
    for (const loop of [bootTimeout, heartbeat, leaseExpiry, lostMachines, orphanMachines, draining]) {
      const reconciler = loop(parts);
      await reconciler.pass();
      await reconciler.settle?.();
    }
    expect(await bench.run(running.runId)).toMatchObject({ state: "running", platformFaults: 0 });
    const states = await bench.db.machine.findMany({
      orderBy: { id: "asc" },
      select: { id: true, state: true },
    });
    expect(new Map(states.map(({ id, state }) => [id, state]))).toEqual(
      new Map([
        [machineId, "assigned"],
        [ending, "draining"],
      ]),
    );
    expect(bench.provider.machines.size).toBe(2);
  });

  test("take no place of this one's, and staff are told of them once, until they are gone", async () => {
    const machines = [await launched(), await launched()];
    const parts = other();
    expect((await parts.sweeps.demand(bench.starter.limits, bench.now())).live).toBe(0);
    const loop = foreignMachines(parts);
    for (let pass = 0; pass < 3; pass++) await loop.pass();
    expect(await notices()).toMatchObject([
      {
        code: "fleet.foreign-machines",
        subject: "provider:memory",
        reason: expect.stringContaining("2 machines of memory"),
        count: 1,
        closedAt: null,
      },
    ]);
    for (const machineId of machines) {
      await end(machineId);
      await bench.store.closeMachine(machineId);
    }
    await loop.pass();
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
  });
});

describe("a provider that does not answer", () => {
  test("is asked for a machine twice, and the run is not charged", async () => {
    let asked = 0;
    bench.provider.launch = () => {
      asked += 1;
      return never();
    };
    const provider = limited();
    await expect(provider.launch({} as never)).rejects.toMatchObject({ name: "ProviderSilent" });
    expect(asked).toBe(1);
    const { runId } = await bench.submit();
    expect(await bench.starterOf(provider).start(runId)).toMatchObject({ outcome: "unclear" });
    expect(asked).toBe(3);
    bench.pass(61_000);
    await bootTimeout(bench.fleet()).pass();
    expect(await bench.run(runId)).toMatchObject({ state: "queued", platformFaults: 0 });
  });

  test("for long leaves the machine all its time to boot when it does", async () => {
    const { runId } = await bench.submit();
    const launch = bench.provider.launch.bind(bench.provider);
    bench.provider.launch = (spec) => {
      bench.pass(55_000);
      return launch(spec);
    };
    await launchFor(bench, runId);
    bench.pass(59_000);
    await bootTimeout(bench.fleet()).pass();
    expect(await bench.run(runId)).toMatchObject({ state: "provisioning", attempt: 1 });
    bench.pass(2_000);
    await bootTimeout(bench.fleet()).pass();
    expect(await bench.run(runId)).toMatchObject({ state: "queued", platformFaults: 1 });
  });

  test.each(["misconfigured", "throttled", "insufficient-capacity"] as const)(
    "and then says %s may still make the machine: it is waited for, taken when it comes, and nobody is told",
    async (kind) => {
      const launch = bench.provider.launch.bind(bench.provider);
      const asked: LaunchSpec[] = [];
      bench.provider.launch = (spec) => {
        asked.push(spec);
        return asked.length === 1 ? never() : Promise.reject(new LaunchError(kind, "Still at work on it."));
      };
      const { runId } = await bench.submit();
      expect(await bench.starterOf(limited()).start(runId)).toMatchObject({ outcome: "unclear" });
      expect(await bench.run(runId)).toMatchObject({ state: "provisioning", attempt: 1 });
      expect(await notices()).toEqual([]);
      const [spec] = asked;
      if (spec) await launch(spec);
      bench.pass(40_000);
      await orphanMachines(bench.fleet()).pass();
      bench.pass(40_000);
      await bootTimeout(bench.fleet()).pass();
      expect(await bench.run(runId)).toMatchObject({ state: "provisioning", attempt: 1 });
      expect(await bench.db.machine.findFirst()).toMatchObject({ state: "booting" });
    },
  );

  test("tells the call to stop", async () => {
    let stopped: AbortSignal | undefined;
    bench.provider.list = (_deployment: string, signal?: AbortSignal) => {
      stopped = signal;
      return never();
    };
    await expect(limited().list("test")).rejects.toMatchObject({ name: "ProviderSilent" });
    expect(stopped?.aborted).toBe(true);
  });

  test("holds up no other machine, and the one that hangs is tried again", async () => {
    const [hanging, other] = [await launched(), await launched()];
    for (const machineId of [hanging, other]) await end(machineId);
    const tried: string[] = [];
    const terminate = bench.provider.terminate.bind(bench.provider);
    bench.provider.terminate = (instanceId: string) => {
      tried.push(instanceId);
      return instanceId === `m-${hanging}` ? never() : terminate(instanceId);
    };
    const loop = draining(bench.fleet({ provider: limited() }));
    for (let pass = 0; pass < 2; pass++) {
      await loop.pass();
      await loop.settle?.();
    }
    expect(tried.filter((id) => id === `m-${hanging}`)).toHaveLength(2);
    expect(await bench.db.machine.findUniqueOrThrow({ where: { id: other } })).toMatchObject({
      state: "terminated",
    });
  });

  test("holds up no other orphan", async () => {
    for (const machineId of ["mch_a", "mch_b"]) await bench.provider.launch(specOf(machineId));
    bench.pass(31_000);
    const terminate = bench.provider.terminate.bind(bench.provider);
    bench.provider.terminate = (instanceId: string) =>
      instanceId === "m-mch_a" ? never() : terminate(instanceId);
    await orphanMachines(bench.fleet({ provider: limited() })).pass();
    expect([...bench.provider.machines.keys()]).toEqual(["mch_a"]);
  });

  test("keeps a machine's place for a while; then staff are told, runs go on, and it is tried for ever", async () => {
    const { runId } = await bench.submit();
    const { machineId: stuck } = await launchFor(bench, runId);
    await launched();
    await end(stuck);
    bench.provider.terminate = never;
    const loop = draining(bench.fleet({ provider: limited() }));
    const pass = async () => {
      await loop.pass();
      await loop.settle?.();
    };
    await pass();
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(await notices()).toEqual([]);
    bench.pass(defaultTimings.drainPatienceMs + 1_000);
    for (let again = 0; again < 3; again++) await pass();
    expect(await notices()).toMatchObject([
      { code: "fleet.machine-stays", subject: `machine:${stuck}`, count: 1, closedAt: null },
    ]);
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
    bench.provider.terminate = async () => "gone";
    await pass();
    expect(await bench.db.machine.findUniqueOrThrow({ where: { id: stuck } })).toMatchObject({
      state: "terminated",
    });
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
  });
});

const specOf = (machineId: string) => ({
  installation: bench.installation,
  deployment: "test",
  machineId,
  shape: { kind: "engine" as const, cpus: 1, memoryMiB: 512 },
  userData: { agentAddress: "unix:/nowhere", token: "t", leaseUntil: bench.now().toISOString() },
});
