import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "#course/errors.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createMachineImageStore } from "#infra/db/machines/machine-image-store.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { type AgedImages, imageAge } from "#workers/reconcilers/image-age.ts";
import { type FleetBench, launchFor, openFleetBench } from "../runs/fleet-bench.ts";

const dayMs = 86_400_000;
let bench: FleetBench;
let madeAt: Date;
let renewals: string[];
let failure: Error | null;
beforeEach(async () => {
  bench = await openFleetBench();
  madeAt = bench.now();
  renewals = [];
  failure = null;
});
afterEach(() => bench.close());

const log = createLogger({ name: "age", level: "silent" });
const never = () => new Promise<never>(() => {});

/** A look at images that are given, by an engine that may take 50 ms to answer. */
function lookAt(images: AgedImages): Promise<void> {
  const timings = { ...defaultTimings, imageLimitMs: { describe: 50, make: 50 } };
  const parts = { ...bench, timings, clock: bench.now, log };
  return imageAge(parts, images, createMachineImageStore(bench.db), 14).pass();
}

async function look(): Promise<void> {
  const images = {
    describe: async (machineKind: string) =>
      machineKind === "engine" ? { image: "drydock-machine:a", madeAt, versions: { runc: "1.1.15" } } : null,
    renew: async (machineKind: string) => {
      renewals.push(machineKind);
      if (failure) throw failure;
      madeAt = bench.now();
    },
    signal: new AbortController().signal,
  };
  await lookAt(images);
}
const open = () => bench.db.notice.findMany({ where: { closedAt: null } });

test("an image is left alone until it is as old as is allowed, then made anew, and pages know what is in it", async () => {
  bench.pass(14 * dayMs);
  await look();
  expect(renewals).toEqual([]);
  expect(await bench.db.machineImage.findMany()).toMatchObject([
    { machineKind: "engine", image: "drydock-machine:a", versions: { runc: "1.1.15" } },
  ]);
  bench.pass(1000);
  await look();
  expect(renewals).toEqual(["engine"]);
  expect(await bench.db.machineImage.findMany()).toMatchObject([{ madeAt: bench.now() }]);
});

test("runs that grade are not robbed of processors for it, but for a day at most", async () => {
  await launchFor(bench, (await bench.submit()).runId);
  bench.pass(14.5 * dayMs);
  await look();
  expect(renewals).toEqual([]);
  bench.pass(dayMs);
  await look();
  expect(renewals).toEqual(["engine"]);
});

test("an old image that cannot be made anew is told to staff and goes on, and no more once it could", async () => {
  bench.pass(15 * dayMs);
  failure = new AppError({ code: "machine-image-failed", userMessage: "No mirror answers." });
  await look();
  expect(await open()).toMatchObject([
    {
      code: "machine-image.old",
      subject: "image:engine",
      reason: expect.stringMatching(
        /was made on 2024-\d\d-\d\d and could not be made anew: No mirror answers\.$/,
      ),
    },
  ]);
  failure = null;
  await look();
  expect(await open()).toEqual([]);
});

test("an engine that never says what an image is does not hold the loop", async () => {
  const errors: object[] = [];
  const images = { describe: never, renew: never, signal: new AbortController().signal };
  const parts = {
    ...bench,
    clock: bench.now,
    log: { ...log, error: (fields: object) => errors.push(fields) },
  };
  const timings = { ...defaultTimings, imageLimitMs: { describe: 50, make: 50 } };
  await imageAge({ ...parts, timings } as never, images, createMachineImageStore(bench.db), 14).pass();
  expect(errors).toMatchObject([
    { item: "engine", err: { name: "ProviderSilent" } },
    { item: "engine+kubernetes", err: { name: "ProviderSilent" } },
  ]);
});

test("an engine that never ends making one anew is told to stop, and staff are told", async () => {
  bench.pass(15 * dayMs);
  let told: AbortSignal | undefined;
  await lookAt({
    describe: async (machineKind) =>
      machineKind === "engine" ? { image: "drydock-machine:a", madeAt, versions: {} } : null,
    renew: (_kind, _notBefore, signal) => {
      told = signal;
      return never();
    },
    signal: new AbortController().signal,
  });
  expect(told?.aborted).toBe(true);
  expect(await open()).toMatchObject([{ reason: expect.stringContaining("did not answer") }]);
});

test("a worker that stops tells it to the making of an image, and no failure", async () => {
  bench.pass(15 * dayMs);
  const stopping = new AbortController();
  await lookAt({
    describe: async () => ({ image: "drydock-machine:a", madeAt, versions: {} }),
    renew: (_kind, _notBefore, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        stopping.abort();
      }),
    signal: stopping.signal,
  });
  expect(await open()).toEqual([]);
});

test("an image that cannot be made anew is tried again after a pause that grows to a day, and soon after the next age", async () => {
  bench.pass(15 * dayMs);
  let fails = true;
  const tries: number[] = [];
  const images: AgedImages = {
    describe: async (machineKind) =>
      machineKind === "engine" ? { image: "drydock-machine:a", madeAt, versions: {} } : null,
    renew: async () => {
      tries.push(bench.now().getTime());
      if (fails) throw new Error("No mirror answers.");
      madeAt = bench.now();
    },
    signal: new AbortController().signal,
  };
  const parts = { ...bench, timings: defaultTimings, clock: bench.now, log };
  const loop = imageAge(parts, images, createMachineImageStore(bench.db), 14);
  const quarters = async (count: number) => {
    for (let pass = 0; pass < count; pass++) {
      await loop.pass();
      bench.jump(defaultTimings.every.imageAge);
    }
    const hours = tries.map((at, index) => (at - (tries[index - 1] ?? at)) / 3_600_000);
    tries.splice(0, tries.length - 1);
    return hours.slice(1);
  };
  expect(await quarters(5 * 96)).toEqual([0.25, 0.5, 1, 2, 4, 8, 16, 24, 24, 24]);
  fails = false;
  await quarters(96);
  fails = true;
  expect((await quarters(15 * 96)).slice(1, 4)).toEqual([0.25, 0.5, 1]);
});
