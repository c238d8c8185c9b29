import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "#course/errors.ts";
import { defaultTimings } from "#grading/clusters/timings.ts";
import { createMachineImageStore } from "#infra/db/machine-image-store.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { imageAge } from "#workers/reconcilers/image-age.ts";
import { type FleetBench, launchFor, openFleetBench } from "./fleet-bench.ts";

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

async function look(): Promise<void> {
  const images = {
    describe: async (profile: string) =>
      profile === "docker" ? { image: "drydock-machine:a", madeAt, versions: { runc: "1.1.15" } } : null,
    renew: async (profile: string) => {
      renewals.push(profile);
      if (failure) throw failure;
      madeAt = bench.now();
    },
    signal: new AbortController().signal,
  };
  const log = createLogger({ name: "age", level: "silent" });
  const parts = { ...bench, timings: defaultTimings, clock: bench.now, log };
  await imageAge(parts, images, createMachineImageStore(bench.db), 14).pass();
}
const open = () => bench.db.notice.findMany({ where: { closedAt: null } });

test("an image is left alone until it is as old as is allowed, then made anew, and pages know what is in it", async () => {
  bench.pass(14 * dayMs);
  await look();
  expect(renewals).toEqual([]);
  expect(await bench.db.machineImage.findMany()).toMatchObject([
    { profile: "docker", image: "drydock-machine:a", versions: { runc: "1.1.15" } },
  ]);
  bench.pass(1000);
  await look();
  expect(renewals).toEqual(["docker"]);
  expect(await bench.db.machineImage.findMany()).toMatchObject([{ madeAt: bench.now() }]);
});

test("runs that grade are not robbed of processors for it, but for a day at most", async () => {
  await launchFor(bench, (await bench.submit()).runId);
  bench.pass(14.5 * dayMs);
  await look();
  expect(renewals).toEqual([]);
  bench.pass(dayMs);
  await look();
  expect(renewals).toEqual(["docker"]);
});

test("an old image that cannot be made anew is told to staff and goes on, and no more once it could", async () => {
  bench.pass(15 * dayMs);
  failure = new AppError({ code: "machine-image-failed", userMessage: "No mirror answers." });
  await look();
  expect(await open()).toMatchObject([
    {
      code: "machine-image.old",
      subject: "image:docker",
      reason: expect.stringMatching(
        /was made on 2024-\d\d-\d\d and could not be made anew: No mirror answers\.$/,
      ),
    },
  ]);
  failure = null;
  await look();
  expect(await open()).toEqual([]);
});
