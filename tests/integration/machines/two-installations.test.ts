import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { draining } from "#workers/reconcilers/draining.ts";
import { lostMachines } from "#workers/reconcilers/lost-machines.ts";
import { orphanMachines } from "#workers/reconcilers/orphan-machines.ts";
import { runWithoutMachine } from "#workers/reconcilers/run-without-machine.ts";
import { type FleetBench, launchFor, openFleetBench } from "../runs/fleet-bench.ts";

/** Two Drydocks of one name, each with a database of its own, on one engine. */
let ours: FleetBench;
let theirs: FleetBench;
beforeEach(async () => {
  ours = await openFleetBench();
  theirs = await openFleetBench({ provider: ours.provider });
});
afterEach(async () => {
  await ours.close();
  await theirs.close();
});

/** What looks at machines that no row knows, at rows without a machine, and at what is to be ended. */
async function look(bench: FleetBench): Promise<void> {
  const parts = bench.fleet();
  for (const loop of [orphanMachines(parts), lostMachines(parts), draining(parts)]) {
    await loop.pass();
    await loop.settle?.();
  }
}

const machines = () => [...ours.provider.machines.keys()];

test("the id of an installation is made once, whoever asks, and is another one's in another database", async () => {
  const asked = await Promise.all([1, 2, 3, 4].map(() => ensureInstallation(ours.db, new Date())));
  expect(new Set(asked)).toEqual(new Set([ours.installation]));
  expect(ours.installation).toMatch(/^ins_/);
  expect(theirs.installation).not.toBe(ours.installation);
});

test("none ends the other's machines, which no row of its own knows", async () => {
  const run = await ours.submit();
  const { machineId } = await launchFor(ours, run.runId);
  for (const bench of [ours, theirs]) bench.pass(10 * 60_000);
  await look(theirs);
  expect(machines()).toEqual([machineId]);
  await look(ours);
  expect(machines()).toEqual([machineId]);
  expect((await ours.run(run.runId)).state).toBe("provisioning");
});

test("each ends its own orphans, and what it is still ending, and nothing of the other's", async () => {
  const mine = await launchFor(ours, (await ours.submit()).runId);
  const other = await launchFor(theirs, (await theirs.submit()).runId);
  for (const { bench, machineId } of [
    { bench: ours, machineId: mine.machineId },
    { bench: theirs, machineId: other.machineId },
  ]) {
    // The machine lives although its row says that it is gone.
    await bench.store.endMachine({ machineId, how: "drain", reason: "Enough." });
    await bench.store.closeMachine(machineId);
    bench.pass(10 * 60_000);
  }
  await look(ours);
  expect(machines()).toEqual([other.machineId]);
  await look(theirs);
  expect(machines()).toEqual([]);
});

/** The statements that operating.md has for the copy of a database. */
async function forCopies(): Promise<string[]> {
  const docs = await readFile(path.resolve(import.meta.dirname, "../../../docs/operating.md"), "utf8");
  const block = /\*\*copy\*\*.*?```sql\n(.*?)```/s.exec(docs)?.[1] ?? "";
  return block.split("\n").filter((line) => line !== "");
}

test("a copy of a database that was made as operating.md says leaves the original's machines alone, and grades anew", async () => {
  const { runId } = await ours.submit();
  const { machineId } = await launchFor(ours, runId);
  for (const sql of await forCopies()) await ours.db.$executeRawUnsafe(sql);
  const installation = await ensureInstallation(ours.db, ours.now());
  expect(installation).not.toBe(ours.installation);
  ours.pass(10 * 60_000);
  const parts = ours.fleet({ installation });
  for (const loop of [orphanMachines, lostMachines, draining, runWithoutMachine]) {
    const reconciler = loop(parts);
    await reconciler.pass();
    await reconciler.settle?.();
  }
  expect(machines()).toEqual([machineId]);
  expect(await ours.run(runId)).toMatchObject({ state: "queued", attempt: 2 });
});
