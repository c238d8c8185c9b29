import { afterEach, describe, expect, test } from "vitest";
import { LaunchError, type LaunchSpec } from "#grading/machines/provider.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import { bootTimeout } from "#workers/reconcilers/boot-timeout.ts";
import { type OfferedRuns, queuedSweep } from "#workers/reconcilers/queued-sweep.ts";
import { type FleetBench, MemoryProvider, openFleetBench, submitKubernetes } from "../runs/fleet-bench.ts";

let bench: FleetBench;
afterEach(() => bench.close());

/** Makes machines of one kind alone. */
class OneKind extends MemoryProvider {
  tried = 0;
  fail: () => never = () => {
    throw new LaunchError("misconfigured", "No such image.");
  };
  override async launch(spec: LaunchSpec) {
    if (spec.shape.kind === "engine") return super.launch(spec);
    this.tried += 1;
    return this.fail();
  }
}

/** One look of the sweep every five seconds; every machine grades for five. */
async function play(fleetMax: number, provider: OneKind, seconds: number) {
  const starter = bench.starterOf(provider);
  const jobs: string[] = [];
  const queue: JobQueue = {
    add: async (_name, { runId }) => void jobs.push(runId),
    close: async () => {},
  };
  const offered: OfferedRuns = new Map();
  const fleet = bench.fleet({ provider });
  const sweep = queuedSweep(fleet, fleetMax, queue, starter, offered);
  const booted = bootTimeout(fleet);
  for (let passed = 0; passed < seconds; passed += 5) {
    await sweep.pass();
    const ids = jobs.splice(0);
    for (const id of ids) offered.delete(id);
    await Promise.all(ids.map((id) => starter.start(id)));
    await gradeAll();
    bench.pass(5_000);
    await booted.pass();
    for (const { id } of await bench.sweeps.ending()) await bench.store.closeMachine(id);
  }
}

async function gradeAll() {
  const over = { finishedAt: bench.now(), runningAt: bench.now() };
  for (const { id, runId } of await bench.db.machine.findMany({ where: { state: "booting" } })) {
    const data = { state: "graded" as const, score: 1, maxScore: 1, ...over };
    await bench.db.run.update({ where: { id: runId ?? "" }, data });
    await bench.store.endMachine({ machineId: id, how: "drain", reason: "Over." });
    await bench.store.closeMachine(id);
  }
}

const graded = () => bench.db.run.count({ where: { state: "graded" } });

describe("runs whose kind of machine cannot be had", () => {
  test.each([1, 2, 4])("hold up no other, though there are as many as the %d places", async (places) => {
    bench = await openFleetBench({ fleetMax: places });
    const provider = new OneKind(bench.now);
    for (let i = 0; i < places; i++) await submitKubernetes(bench);
    for (let i = 0; i < 12; i++) await bench.submit();
    // The longest pause, and a look for each run that could start.
    await play(places, provider, 120);
    expect(await graded()).toBe(12);
    expect(provider.tried).toBeLessThanOrEqual(places);
    expect(await bench.db.notice.findMany()).toMatchObject([
      {
        subject: "provider:memory/engine+kubernetes",
        reason: "The machine for Kubernetes exercises cannot be started: No such image.",
        closedAt: null,
      },
    ]);
  });

  test.each([
    ["asks to slow down", new LaunchError("throttled", "Later.")],
    ["never answers", new Error("socket hang up")],
  ])("take their turns like others when the provider %s, and keep nobody out", async (_, error) => {
    bench = await openFleetBench({ fleetMax: 2 });
    const provider = new OneKind(bench.now);
    provider.fail = () => {
      throw error;
    };
    for (let i = 0; i < 3; i++) await submitKubernetes(bench);
    for (let i = 0; i < 6; i++) await bench.submit();
    await play(2, provider, 1_500);
    expect(await graded()).toBe(6);
    expect(await bench.db.run.count({ where: { state: "queued", platformFaults: 0 } })).toBeGreaterThan(0);
  });
});

test("once its image is there again a kind's machines are asked for at once", async () => {
  bench = await openFleetBench({ fleetMax: 1 });
  const runId = await submitKubernetes(bench);
  bench.provider.failures.push(new LaunchError("misconfigured", "No such image."));
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "no-machine" });
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "waiting" });
  bench.launcher.mended("engine+kubernetes");
  expect(await bench.starter.start(runId)).toMatchObject({ outcome: "started" });
  expect(await bench.db.notice.findMany()).toMatchObject([{ closedAt: bench.now() }]);
});
