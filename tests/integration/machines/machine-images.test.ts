import { afterEach, beforeEach, expect, test } from "vitest";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { machineImages } from "#workers/reconcilers/machine-images.ts";
import { type FleetBench, openFleetBench, submitKubernetes } from "../runs/fleet-bench.ts";

const log = createLogger({ name: "test", level: "silent" });
const soon = new Date("2030-01-01T00:00:00Z");
let bench: FleetBench;
let machineKinds: MachineKind[];
beforeEach(async () => {
  machineKinds = ["engine"];
  bench = await openFleetBench({ fleetMax: 1, machineKinds });
});
afterEach(() => bench.close());

test("a run whose machine is still being made waits without a claim, and holds no other run up", async () => {
  const waits = await submitKubernetes(bench);
  const { runId } = await bench.submit();
  expect(await bench.starter.start(waits)).toMatchObject({ outcome: "waiting" });
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  expect(await bench.run(waits)).toMatchObject({ state: "queued", attempt: 1, platformFaults: 0 });
  expect(await bench.db.runClaim.count({ where: { runId: waits } })).toBe(0);
});

test("once its machine is made it is started, in its turn", async () => {
  const waits = await submitKubernetes(bench);
  const { runId: younger } = await bench.submit();
  machineKinds.push("engine+kubernetes");
  expect(await bench.starter.start(younger)).toMatchObject({ outcome: "waiting" });
  expect(await bench.starter.start(waits)).toMatchObject({ outcome: "started" });
  const [machine] = bench.provider.machines.values();
  expect(machine?.spec.shape).toEqual({ kind: "engine+kubernetes", cpus: 2, memoryMiB: 1024 });
});

test("it says why it waits as long as it does, and that it began to is the only event", async () => {
  const waits = await submitKubernetes(bench);
  const { runId: docker } = await bench.submit();
  const said: (string | null)[] = ["Being made: 10 %.", "Being made: 20 %.", null];
  const { pass } = machineImages(
    { sweeps: bench.sweeps, store: bench.store, timings: defaultTimings, log },
    { ask: (machineKind) => (machineKind === "engine" ? null : (said.shift() ?? null)) },
  );
  await pass();
  expect((await bench.run(waits)).reason).toBe("Being made: 10 %.");
  await pass();
  expect((await bench.run(waits)).reason).toBe("Being made: 20 %.");
  await pass();
  expect((await bench.run(waits)).reason).toBeNull();
  expect((await bench.run(docker)).reason).toBeNull();
  const events = await bench.db.runEvent.findMany({ where: { runId: waits } });
  expect(events.map((event) => event.payload)).toEqual([
    { type: "state", state: "queued", detail: "Being made: 10 %." },
  ]);
});

test("nothing is made while no run asks for it", async () => {
  await bench.submit();
  let asked = 0;
  const { pass } = machineImages(
    { sweeps: bench.sweeps, store: bench.store, timings: defaultTimings, log },
    {
      ask: (machineKind) => {
        if (machineKind === "engine+kubernetes") asked += 1;
        return null;
      },
    },
  );
  await pass();
  expect(asked).toBe(0);
});

test("a run that is queued again for another reason keeps that while machines can be made", async () => {
  machineKinds.push("engine+kubernetes");
  const runId = await submitKubernetes(bench);
  const { pass } = machineImages(
    { sweeps: bench.sweeps, store: bench.store, timings: defaultTimings, log },
    { ask: () => null },
  );
  await pass();
  await bench.store.claimRun(runId, {
    fleetMax: 1,
    worker: "test",
    machineKinds,
    leaseOf: () => soon,
  });
  await bench.store.giveBack({ runId, attempt: 1 }, null, "No machine is free.");
  await pass();
  expect(await bench.run(runId)).toMatchObject({ reason: "No machine is free.", reasonCode: "no_machines" });
});

test("a run whose machine's image was removed waits for it as well, whatever its kind", async () => {
  const { runId } = await bench.submit();
  const { pass } = machineImages(
    { sweeps: bench.sweeps, store: bench.store, timings: defaultTimings, log },
    { ask: (machineKind) => (machineKind === "engine" ? "Being made: 10 %." : null) },
  );
  await pass();
  expect(await bench.run(runId)).toMatchObject({ reason: "Being made: 10 %.", reasonCode: "machine_image" });
});

test("one run that cannot be told why it waits keeps no other from being told", async () => {
  const [first, second] = [await submitKubernetes(bench), await submitKubernetes(bench)];
  const tellWaiting: typeof bench.store.tellWaiting = async (run, code, reason) => {
    if (run.runId === first) throw new Error("This one breaks.");
    await bench.store.tellWaiting(run, code, reason);
  };
  const { pass } = machineImages(
    { sweeps: bench.sweeps, store: { ...bench.store, tellWaiting }, timings: defaultTimings, log },
    { ask: () => "Being made: 10 %." },
  );
  await pass();
  expect((await bench.run(first)).reason).toBeNull();
  expect((await bench.run(second)).reason).toBe("Being made: 10 %.");
});
