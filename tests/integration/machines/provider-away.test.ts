import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { queueView } from "#app/_server/queries/run/queue-view.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import { createQueuePlaces } from "#infra/db/runs/queue-places.ts";
import { providerAnswers } from "#workers/reconcilers/provider-answers.ts";
import { type FleetBench, launchFor, openFleetBench } from "../runs/fleet-bench.ts";

const says = "Machines cannot be started right now: the provider memory does not answer.";
let bench: FleetBench;
let away: boolean;
let woken: number;
let look: () => Promise<void>;

beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
  [away, woken] = [false, 0];
  const { launch, list } = bench.provider;
  bench.provider.launch = (spec) =>
    away
      ? Promise.reject(new LaunchError("unreachable", "connect ECONNREFUSED"))
      : launch.call(bench.provider, spec);
  bench.provider.list = (installation) =>
    away ? Promise.reject(new Error("connect ECONNREFUSED")) : list.call(bench.provider, installation);
  look = providerAnswers(bench.fleet(), bench.launcher, () => void woken++).pass;
  await look();
});
afterEach(() => bench.close());

/** What the worker does in so many seconds: it looks, and tries to start the run. */
async function pass(seconds: number, runId: string) {
  for (let left = seconds; left > 0; left -= 5) {
    await look();
    await bench.starter.start(runId);
    bench.pass(5_000);
  }
}
const told = async (runId: string) =>
  queueView(await createQueuePlaces(bench.db, { fleetMax: 1, clock: bench.now }).of(runId));
const notices = () => bench.db.notice.findMany();

/** A run of before, so that there is something to estimate from. */
async function history() {
  const { runId } = await bench.submit();
  const done = { claimedAt: bench.now(), finishedAt: bench.now(), score: 1, maxScore: 20 };
  await bench.db.run.update({ where: { id: runId }, data: { state: "graded", ...done } });
}

describe("a provider that does not answer", () => {
  test("with no machine running: the page says so and estimates nothing, no attempt is used up, staff know", async () => {
    await history();
    const { runId } = await bench.submit();
    away = true;
    // A launch may be the first to find out.
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "no-machine", kind: "unreachable" });
    expect(await told(runId)).toMatchObject({ waitsFor: says, estimateSeconds: null });
    const { attempt } = await bench.run(runId);
    await pass(55, runId);
    expect(await notices()).toMatchObject([
      { code: "fleet.provider-silent", subject: "provider:memory", courseId: null, count: 1, closedAt: null },
    ]);
    await pass(600, runId);
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt, platformFaults: 0 });
    expect(await told(runId)).toMatchObject({ waitsFor: says, estimateSeconds: null });
    expect(await notices()).toHaveLength(1);
    away = false;
    await look();
    expect(woken).toBe(1);
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date), closedById: null }]);
    expect(await told(runId)).toMatchObject({ waitsFor: null, estimateSeconds: expect.any(Number) });
    expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  });

  test("with the fleet full: the runs that wait are told, and staff within a minute", async () => {
    await history();
    await launchFor(bench, (await bench.submit()).runId);
    const { runId } = await bench.submit();
    away = true;
    await look();
    expect(await told(runId)).toMatchObject({ waitsFor: says, estimateSeconds: null });
    await pass(55, runId);
    expect(await notices()).toMatchObject([{ code: "fleet.provider-silent", closedAt: null }]);
    // One that is handed in meanwhile is told as well.
    const { runId: younger } = await bench.submit();
    await look();
    expect(await told(younger)).toMatchObject({ waitsFor: says });
    away = false;
    await look();
    for (const id of [runId, younger]) {
      expect(await bench.run(id)).toMatchObject({ attempt: 1, reason: null, reasonCode: null });
    }
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
  });

  test("for a moment is told to nobody", async () => {
    const { runId } = await bench.submit();
    away = true;
    await pass(15, runId);
    away = false;
    await pass(5, runId);
    expect(await notices()).toEqual([]);
  });

  test("whose silence an earlier worker told of is settled by the next one", async () => {
    const { runId } = await bench.submit();
    away = true;
    await pass(60, runId);
    away = false;
    await providerAnswers(bench.fleet(), bench.launcher, () => undefined).pass();
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
    expect(await bench.run(runId)).toMatchObject({ reason: null, reasonCode: null });
  });
});

test("a run that no machine is to be had for is promised no start, whatever the reason, and those behind it neither", async () => {
  await history();
  const [first, second] = [await bench.submit(), await bench.submit()];
  bench.provider.failures.push(new LaunchError("insufficient-capacity", "None."));
  await bench.starter.start(first.runId);
  await look();
  for (const { runId } of [first, second]) {
    expect(await told(runId)).toMatchObject({
      waitsFor: "No machine is free at the provider right now.",
      estimateSeconds: null,
    });
  }
  bench.pass(30_000);
  await look();
  expect(await told(second.runId)).toMatchObject({ waitsFor: null });
});
