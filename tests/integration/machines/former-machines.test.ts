import { afterEach, beforeEach, expect, test } from "vitest";
import { draining } from "#workers/reconcilers/draining.ts";
import { formerMachines } from "#workers/reconcilers/former-machines.ts";
import { lostMachines } from "#workers/reconcilers/lost-machines.ts";
import { orphanMachines } from "#workers/reconcilers/orphan-machines.ts";
import { type FleetBench, launchFor, openFleetBench } from "../runs/fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench();
});
afterEach(() => bench.close());

/** A machine that grades, as the version before has made it: it says nothing of the installation, whose id is newer. */
async function former(): Promise<{ runId: string; machineId: string }> {
  const { runId } = await bench.submit();
  const { machineId } = await launchFor(bench, runId);
  const machine = bench.provider.machines.get(machineId);
  if (machine === undefined) throw new Error("There is no machine.");
  machine.installation = "local";
  bench.pass(60_000);
  const { id } = await bench.db.installation.findFirstOrThrow();
  await bench.db.installation.update({ where: { id }, data: { madeAt: bench.now() } });
  return { runId, machineId };
}
const notices = () => bench.db.notice.findMany({ where: { code: "fleet.former-machines" } });

test("an upgrade ends the machines of before, and only then closes their rows; their runs are graded again", async () => {
  const { runId, machineId } = await former();
  bench.pass(10 * 60_000);
  const parts = bench.fleet();
  await orphanMachines(parts).pass();
  await lostMachines(parts).pass();
  expect(bench.provider.machines.has(machineId)).toBe(true);
  expect((await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } })).state).toBe("lost");
  const ending = draining(parts);
  await ending.pass();
  await ending.settle?.();
  expect(bench.provider.machines.has(machineId)).toBe(false);
  expect((await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } })).state).toBe("terminated");
  expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2 });
});

test("staff are told of them once, by name, until they are gone", async () => {
  const { machineId } = await former();
  const loop = formerMachines(bench.fleet());
  await loop.pass();
  await loop.pass();
  expect(await notices()).toMatchObject([
    {
      count: 1,
      closedAt: null,
      reason: expect.stringMatching(new RegExp(`^1 machine .*\\(m-${machineId}\\)`)),
    },
  ]);
  await bench.store.endMachine({ machineId, how: "drain", reason: "Enough." });
  await loop.pass();
  expect(await notices()).toMatchObject([{ closedAt: null }]);
  await bench.store.closeMachine(machineId);
  await loop.pass();
  expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
});

test("of machines that were asked for since there is nothing to tell", async () => {
  await launchFor(bench, (await bench.submit()).runId);
  await formerMachines(bench.fleet()).pass();
  expect(await notices()).toEqual([]);
});
