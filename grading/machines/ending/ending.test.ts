import { describe, expect, test } from "vitest";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { closeMachine } from "./close-machine.ts";
import { endMachine } from "./end-machine.ts";
import { moveLeases } from "./move-leases.ts";
import { takeBack } from "./take-back.ts";

const run = { runId: "run", attempt: 1 };
const working = () =>
  new MemoryFleet().withRun("run", { state: "running" }).withMachine("mch", { state: "assigned" }, { run });
const drain = { machineId: "mch", how: "drain", reason: "It fell silent." } as const;

describe("ending a machine", () => {
  test("puts its run back into the queue, whose lock comes before the machine's", async () => {
    const fleet = working();
    expect(await endMachine(fleet, drain)).toEqual({ moved: true });
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["queued", 2], "draining"]);
    expect(fleet.locks).toEqual(["run:run", "machine:mch"]);
    expect(fleet.runs.get("run")?.status.platformFaults).toBe(1);
  });

  test("leaves alone a run that another attempt of works for by now", async () => {
    const fleet = working().withRun("run", { state: "running", attempt: 2 });
    expect(await endMachine(fleet, drain)).toEqual({ moved: true });
    expect(fleet.runAt("run")).toEqual(["running", 2]);
  });

  test("that is nobody's fault charges nothing", async () => {
    const fleet = working();
    await endMachine(fleet, { ...drain, how: "lost", excused: true });
    expect([fleet.stateOf("mch"), fleet.runs.get("run")?.status.platformFaults]).toEqual(["lost", 0]);
  });

  test("looks again under the machine's lock, and what is well by now is left alone", async () => {
    const fleet = working();
    const seen: string[][] = [];
    const onlyIf = ({ id, state }: { id: string; state: string }) => {
      seen.push([id, state, ...fleet.locks]);
      return false;
    };
    expect(await endMachine(fleet, { ...drain, onlyIf })).toEqual({ moved: false });
    expect(seen).toEqual([["mch", "assigned", "run:run", "machine:mch"]]);
    expect([fleet.runAt("run"), fleet.told]).toEqual([["running", 1], []]);
  });

  test("of the pool holds the fleet's lock before it looks whether a run has it", async () => {
    const idle = new MemoryFleet().withMachine("mch", { state: "ready" });
    expect(await endMachine(idle, drain)).toEqual({ moved: true });
    expect(idle.locks).toEqual(["fleet:all", "machine:mch"]);

    const taken = new MemoryFleet().withRun("run", { state: "provisioning" });
    taken.withMachine("mch", { state: "ready" });
    const { lockFleet } = taken;
    taken.lockFleet = async () => {
      await lockFleet();
      taken.withMachine("mch", { state: "ready" }, { run });
    };
    await endMachine(taken, drain);
    expect(taken.locks).toEqual(["fleet:all", "run:run", "machine:mch"]);
    expect(taken.runAt("run")).toEqual(["queued", 2]);
  });

  test("that is ended already, or that nobody knows, moves nothing", async () => {
    const fleet = new MemoryFleet().withRun("run", { state: "running" });
    expect(await endMachine(fleet, drain)).toEqual({ moved: false });
    fleet.withMachine("mch", { state: "draining" }, { run });
    expect(await endMachine(fleet, drain)).toEqual({ moved: false });
    expect(fleet.runAt("run")).toEqual(["running", 1]);
  });
});

test("a machine of which nothing is left is closed, and what said that it stays is over", async () => {
  const fleet = new MemoryFleet().withMachine("mch", { state: "draining" });
  fleet.notices.set("machine:mch", "It stays.").set("machine:other", "It stays.");
  await closeMachine(fleet, "mch");
  expect([fleet.stateOf("mch"), [...fleet.notices.keys()]]).toEqual(["terminated", ["machine:other"]]);
});

describe("taking a run back", () => {
  const why = { reason: "Its worker died.", excused: true };

  test("is refused while a machine works for its attempt", async () => {
    const fleet = working();
    expect(await takeBack(fleet, run, why)).toEqual({ moved: false });
    fleet.withMachine("mch", { state: "draining" }, { run });
    expect(await takeBack(fleet, run, why)).toEqual({ moved: true });
    expect(fleet.runAt("run")).toEqual(["queued", 2]);
  });

  test("does not move an attempt that is over", async () => {
    const fleet = new MemoryFleet().withRun("run", { state: "claimed", attempt: 2 });
    expect(await takeBack(fleet, run, why)).toEqual({ moved: false });
  });
});

test("leases of working machines move along with one jump of the clock once", async () => {
  const fleet = working()
    .withMachine("old", { state: "draining" })
    .withMachine("ec2", {}, { provider: "ec2" });
  const leaseOf = (id: string) => fleet.machines.get(id)?.status.leaseUntil.toISOString();
  const before = leaseOf("mch");
  const from = new Date(+fleet.now + 1_000);
  const jump = { byMs: 60_000, at: from, from, until: new Date(+from + 60_000) };
  await moveLeases(fleet, "docker", jump);
  await moveLeases(fleet, "docker", jump);
  expect(fleet.locks).toEqual(["fleet:all", "machine:mch"]);
  expect([before, leaseOf("mch")]).toEqual(["2024-11-12T18:10:00.000Z", "2024-11-12T18:11:00.000Z"]);
  expect([leaseOf("old"), leaseOf("ec2")]).toEqual([before, before]);
});
