import { describe, expect, test } from "vitest";
import { type Caps, noCaps, nothingSpent, type Spending } from "#course/cost/budget.ts";
import { poolKind } from "#grading/machines/plan-pool.ts";
import { requestIdle } from "#grading/machines/pool/request-idle.ts";
import { retireIdle } from "#grading/machines/pool/retire-idle.ts";
import {
  fleetWith,
  kubernetes,
  launched,
  lease,
  limits,
  machine,
  run,
  unreadable,
} from "#tests/support/memory-starts.ts";
import { claimRun } from "./claim-run.ts";
import { endUnreadable } from "./end-unreadable.ts";
import { giveBack, giveUpIdle } from "./give-back.ts";
import { recordLaunch, requestMachine } from "./request-machine.ts";
import { tellWaiting } from "./tell-waiting.ts";

describe("claiming a run", () => {
  test("gives it the place that is free, and its student goes to the end of the turns", async () => {
    const fleet = fleetWith("a", "b");
    expect(await claimRun(fleet, "a", limits(1))).toMatchObject({ outcome: "claimed", attempt: 1 });
    expect([fleet.runAt("a"), fleet.locks, fleet.reads]).toEqual([
      ...[
        ["claimed", 1],
        ["fleet:all", "run:a"],
        ["places", "queue"],
      ],
    ]);
    expect(fleet.told).toContain("turn of alice");
    expect(fleet.told).toContain("claim opened a 1 by w");
  });

  test("waits for its turn, and where the fleet is full the queue is not even read", async () => {
    const fleet = fleetWith("a", "b");
    expect(await claimRun(fleet, "b", limits(1))).toEqual({
      outcome: "waiting",
      why: "Other runs come first, or there is no money for it.",
    });
    await claimRun(fleet, "a", limits(1));
    fleet.reads.length = 0;
    expect(await claimRun(fleet, "b", limits(1))).toEqual({ outcome: "waiting", why: "The fleet is full." });
    expect([fleet.runAt("b"), fleet.reads]).toEqual([["queued", 1], ["places"]]);
  });

  test("that nobody knows, or that is queued no more, changes nothing", async () => {
    const fleet = fleetWith().withRun("a", { state: "running" });
    expect(await claimRun(fleet, "a", limits(1))).toMatchObject({ why: "The run is running already." });
    expect(await claimRun(fleet, "x", limits(1))).toMatchObject({ why: "There is no run x." });
    expect(fleet.told).toEqual([]);
  });

  test("whose exercise cannot be read ends it before its turn", async () => {
    const fleet = Object.assign(fleetWith("a", "b"), { spec: unreadable });
    expect(await claimRun(fleet, "b", limits(0))).toEqual({ outcome: "not-gradable", why: unreadable.why });
    expect([fleet.runAt("b"), fleet.reads]).toEqual([["not_gradable", 1], []]);
  });

  test("takes the furthest machine of the pool that fits, also where none can be launched", async () => {
    const fleet = Object.assign(fleetWith("a"), kubernetes)
      .withIdle("three", 3)
      .withIdle("short", 1, { leaseUntil: new Date(+lease - 1) })
      .withIdle("first", 1)
      .withIdle("second", 1);
    expect(await claimRun(fleet, "a", limits(4, []))).toEqual({ outcome: "taken", machineId: "first" });
    expect(fleet.machines.get("first")?.run).toEqual(run);
    expect(fleet.runAt("a")).toEqual(["provisioning", 1]);
    expect(fleet.locks).toEqual(["fleet:all", "run:a", "machine:first"]);
  });

  test("takes none of the pool while no machine could fetch what it grades", async () => {
    const fleet = fleetWith("a").withIdle("plain", 0);
    const away = { ...limits(4, []), filesAway: true };
    expect(await claimRun(fleet, "a", away)).toMatchObject({ outcome: "waiting" });
    expect([fleet.runAt("a"), fleet.stateOf("plain")]).toEqual([["queued", 1], "ready"]);
  });

  test("takes an engine that waits, where no other can be launched", async () => {
    const fleet = fleetWith("a").withIdle("cluster", 1).withIdle("plain", 0);
    expect(await claimRun(fleet, "a", limits(4, []))).toEqual({ outcome: "taken", machineId: "plain" });
  });

  test("has a machine on demand where spot has none of its kind and its deadline is near", async () => {
    const onDemand = (...near: string[]) => ({
      machineKinds: ["engine"],
      isNear: ({ dueAt }: { dueAt: Date | null }) => near.includes(dueAt?.toISOString() ?? ""),
    });
    const due = { dueAt: new Date("2024-11-12T18:30:00Z") };
    const asked = { ...limits(4, []), onDemand: onDemand("2024-11-12T18:30:00.000Z") };
    const claim = await claimRun(Object.assign(fleetWith("a"), due), "a", asked);
    expect(claim).toMatchObject({ outcome: "claimed", market: "on-demand" });
    // Not by another's deadline, nor of a kind that none is to be had of, nor where spot has one.
    expect(await claimRun(fleetWith("a"), "a", asked)).toMatchObject({ outcome: "waiting" });
    const clusters = Object.assign(fleetWith("a"), due, kubernetes);
    expect(await claimRun(clusters, "a", asked)).toMatchObject({ outcome: "waiting" });
    const both = { ...asked, machineKinds: ["engine"] };
    expect(await claimRun(Object.assign(fleetWith("a"), due), "a", both)).toMatchObject({ market: "spot" });
  });

  test("goes by the kind of machine that its exercise was written with, as the queue does", async () => {
    const fleet = Object.assign(fleetWith("a"), kubernetes, { kind: "former" });
    fleet.withIdle("first", 1);
    const claim = await claimRun(fleet, "a", limits(4, ["former"]));
    expect(claim).toEqual({
      ...{ outcome: "claimed", attempt: 1, machineKind: "former", leaseUntil: lease, market: "spot" },
      usdPerHour: null,
    });
  });

  test("waits where no machine of its kind can be launched and none of the pool fits", async () => {
    const fleet = Object.assign(fleetWith("a"), kubernetes).withIdle("three", 3);
    const why = "No machine of its kind can be asked for now, and none of the pool fits.";
    expect(await claimRun(fleet, "a", limits(4, ["docker"]))).toEqual({ outcome: "waiting", why });
  });

  test("has the machine of the pool that came least far make room, one at a time", async () => {
    const fleet = fleetWith("a").withIdle("far", 1).withIdle("near", 1);
    const why = "A machine of the pool makes room.";
    fleet.ending = 1;
    expect(await claimRun(fleet, "a", limits(2))).toEqual({ outcome: "waiting", why });
    expect([fleet.stateOf("far"), fleet.stateOf("near")]).toEqual(["ready", "ready"]);
    fleet.ending = 0;
    expect(await claimRun(fleet, "a", limits(2))).toEqual({ outcome: "waiting", why });
    expect([fleet.stateOf("far"), fleet.stateOf("near"), fleet.runAt("a")]).toEqual([
      ...["ready", "draining", ["queued", 1]],
    ]);
    // A run that is claimed has no machine yet, and its place all the same.
    const claimed = fleetWith("a").withRun("b", { state: "claimed" }).withIdle("one", 1);
    expect(await claimRun(claimed, "a", limits(2))).toEqual({ outcome: "waiting", why });
  });
});

describe("claiming a run while money is short", () => {
  // An hour until the lease, at a dollar an hour.
  const priced = (fleetMax: number, machineKinds?: string[]) => ({
    ...limits(fleetMax, machineKinds),
    leaseOf: () => new Date(+fleetWith().now + 3_600_000),
    usdPerHourOf: () => 1,
  });
  const short = (caps: Partial<Caps>, spending: Partial<Spending> = {}) => ({
    money: { stop: null, caps: { ...noCaps, ...caps }, spending: { ...nothingSpent, ...spending } },
  });
  const wait = { outcome: "waiting", why: "Other runs come first, or there is no money for it." };

  test("holds the most that its machine may cost, up to the limit and not past it", async () => {
    const fleet = Object.assign(fleetWith("a"), short({ dayMicros: 1_500_000 }, { dayMicros: 500_000 }));
    expect(await claimRun(fleet, "a", priced(1))).toMatchObject({ outcome: "claimed", usdPerHour: 1 });
    expect(fleet.told).toContain("reserved 1000000 for a");
    const full = Object.assign(fleetWith("a"), short({ dayMicros: 1_500_000 }, { dayMicros: 500_001 }));
    expect(await claimRun(full, "a", priced(1))).toEqual(wait);
    expect(full.runAt("a")).toEqual(["queued", 1]);
  });

  test("whose student or course has spent theirs waits, and keeps no place from another's", async () => {
    const students = new Map([["a", 1]]);
    const fleet = Object.assign(fleetWith("a", "b"), short({ studentDayMicros: 1_000_000 }, { students }));
    expect(await claimRun(fleet, "a", priced(1))).toEqual(wait);
    expect(await claimRun(fleet, "b", priced(1))).toMatchObject({ outcome: "claimed" });
    const courses = new Map([["course", 1]]);
    const all = Object.assign(fleetWith("a"), short({ courseMicros: 1_000_000 }, { courses }));
    expect(await claimRun(all, "a", priced(1))).toEqual(wait);
  });

  test("asks for the price first, and changes nothing before", async () => {
    const fleet = Object.assign(fleetWith("a"), short({ dayMicros: 1_000_000 }));
    const claim = await claimRun(fleet, "a", { ...priced(1), usdPerHourOf: () => null });
    expect(claim).toEqual({ outcome: "unpriced", machineKind: "engine", market: "spot" });
    expect([fleet.runAt("a"), fleet.told]).toEqual([["queued", 1], []]);
  });

  test("goes by one price throughout: one that is heard meanwhile was held against no limit", async () => {
    const fleet = Object.assign(fleetWith("a"), short({ dayMicros: 1 }));
    let asked = 0;
    const heardMeanwhile = { ...priced(1), usdPerHourOf: () => (asked++ === 0 ? null : 1) };
    expect(await claimRun(fleet, "a", heardMeanwhile)).toMatchObject({ outcome: "unpriced" });
    expect(fleet.runAt("a")).toEqual(["queued", 1]);
  });

  test("and by one instant: no other is launched in the place of what fitted when the day was looked at", async () => {
    const fleet = Object.assign(fleetWith("a"), kubernetes, short({ dayMicros: 1 }, { dayMicros: 1 }));
    fleet.withIdle("one", 1, { leaseUntil: new Date(+lease + 2) });
    let at = +lease;
    const goesOn = { ...priced(4), leaseOf: () => new Date(at++) };
    expect(await claimRun(fleet, "a", goesOn)).toEqual({ outcome: "taken", machineId: "one" });
  });

  test("takes a machine of the pool that the day has paid for, but not past its student's limit", async () => {
    const far = { leaseUntil: new Date(+lease + 10 * 3_600_000) };
    const atEnd = short({ dayMicros: 1 }, { dayMicros: 1 });
    const fleet = Object.assign(fleetWith("a"), kubernetes, atEnd).withIdle("one", 1, far);
    expect(await claimRun(fleet, "a", priced(4))).toEqual({ outcome: "taken", machineId: "one" });
    const both = short({ dayMicros: 1, studentDayMicros: 1 }, { dayMicros: 1 });
    const poor = Object.assign(fleetWith("a"), kubernetes, both).withIdle("one", 1, far);
    expect(await claimRun(poor, "a", priced(4))).toEqual(wait);
  });

  test("nor past its student's or course's where none can be launched, so that nobody asked for a price", async () => {
    const unpriced = { ...priced(4, []), usdPerHourOf: () => null };
    const students = new Map([["a", 1_000_000]]);
    for (const limit of [
      short({ studentDayMicros: 1_000_000 }, { students }),
      short({ courseMicros: 1_000_000 }, { courses: new Map([["course", 1]]) }),
    ]) {
      const fleet = Object.assign(fleetWith("a"), kubernetes, limit);
      fleet.withIdle("one", 1, { leaseUntil: new Date(+lease + 10 * 3_600_000) });
      expect(await claimRun(fleet, "a", unpriced)).toMatchObject({ outcome: "waiting" });
      Object.assign(fleet, short({ studentDayMicros: 1_000_000, courseMicros: 1_000_000 }));
      expect(await claimRun(fleet, "a", unpriced)).toEqual({ outcome: "taken", machineId: "one" });
    }
  });

  test("or while staff have stopped the fleet starts nothing, not even on a machine that waits", async () => {
    const stop = { at: lease, by: "Ivan", reason: "Too many." };
    const fleet = Object.assign(fleetWith("a"), kubernetes).withIdle("one", 1);
    fleet.money = { ...fleet.money, stop };
    expect(await claimRun(fleet, "a", priced(4))).toEqual(wait);
    expect(await requestIdle(fleet, { ...machine, poolNodes: 1 }, { ...limits(9), size: 9 })).toBe(false);
    fleet.money = { ...fleet.money, stop: null };
    expect(await requestIdle(fleet, { ...machine, poolNodes: 1 }, { ...limits(9), size: 9 })).toBe(true);
  });

  test("launches no machine for the pool that could pass the limit of the day", async () => {
    const fleet = Object.assign(fleetWith(), short({ dayMicros: 66_666 }));
    const leaseUntil = new Date(+fleet.now + 240_000);
    const idle = { ...machine, poolNodes: 1, leaseUntil, usdPerHour: 1 };
    expect(await requestIdle(fleet, idle, { ...limits(9), size: 9 })).toBe(false);
    Object.assign(fleet, short({ dayMicros: 66_667 }));
    expect(await requestIdle(fleet, idle, { ...limits(9), size: 9 })).toBe(true);
  });

  test("leaves the rest of the day's money to a run that waits for it, and no pool machine is launched of it", async () => {
    const rest = short({ dayMicros: 1_000_000 }, { dayMicros: 500_000 });
    const leaseUntil = new Date(+fleetWith().now + 240_000);
    const idle = { ...machine, machineKind: poolKind, poolNodes: 1, leaseUntil, usdPerHour: 1 };
    const asked = { ...priced(9), size: 9 };
    expect(await requestIdle(Object.assign(fleetWith("a"), rest), idle, asked)).toBe(false);
    expect(await requestIdle(Object.assign(fleetWith(), rest), idle, asked)).toBe(true);
  });
});

describe("the machine of a claim", () => {
  test("is written with the step to provisioning, and not for a claim that is over", async () => {
    const fleet = fleetWith().withRun("a", { state: "claimed" });
    expect(await requestMachine(fleet, { runId: "a", attempt: 2 }, machine)).toBe(false);
    expect(await requestMachine(fleet, run, machine)).toBe(true);
    expect([fleet.runAt("a"), fleet.machines.get("new")?.run]).toEqual([["provisioning", 1], run]);
  });

  test("that was launched settles what staff were told of its provider, even when it was given up", async () => {
    const fleet = fleetWith().withMachine("new").withMachine("old", { state: "terminated" });
    const record = (machineId: string, instanceId: string) => {
      // Each is a transaction of its own.
      fleet.locks.length = 0;
      return recordLaunch(fleet, machineId, launched(instanceId));
    };
    expect(await record("new", "i-1")).toBe("recorded");
    expect(await record("old", "i-2")).toBe("ended");
    expect(await record("unknown", "i-3")).toBe("ended");
    expect(fleet.told.filter((one) => one.startsWith("settled"))).toHaveLength(2);
    expect(fleet.machines.get("new")).toMatchObject({
      ...{ instanceType: "c6a.large", zone: "us-east-1b", market: "spot", usdPerHour: 0.031 },
    });
  });

  test("that there is not is closed, and its run queued again uncharged", async () => {
    const fleet = fleetWith().withRun("a", { state: "provisioning" }).withMachine("new", {}, { run });
    await giveBack(fleet, run, "new", "No machine is free.");
    expect([fleet.runAt("a"), fleet.stateOf("new")]).toEqual([["queued", 2], "terminated"]);
    expect(fleet.runs.get("a")?.status).toMatchObject({ platformFaults: 0, reasonCode: "no_machines" });
    expect(fleet.locks).toEqual(["run:a", "machine:new"]);
  });
});

describe("a machine of the pool", () => {
  const idle = { ...machine, machineKind: poolKind, poolNodes: 1 };

  test("is asked for while the pool is not full and queued runs leave a place", async () => {
    expect(await requestIdle(fleetWith(), idle, { ...limits(1), size: 1 })).toBe(true);
    expect(await requestIdle(fleetWith().withIdle("one", 1), idle, { ...limits(9), size: 1 })).toBe(false);
    expect(await requestIdle(fleetWith("a"), idle, { ...limits(1), size: 1 })).toBe(false);
    expect(await requestIdle(fleetWith("a"), idle, { ...limits(2), size: 1 })).toBe(true);
    const claimed = fleetWith().withRun("b", { state: "claimed" });
    expect(await requestIdle(claimed, idle, { ...limits(1), size: 1 })).toBe(false);
  });

  test("is retired unless a run has it, it ends already, or it never was of the pool", async () => {
    const fleet = fleetWith()
      .withIdle("idle", 1)
      .withMachine("other")
      .withIdle("over", 1, { state: "draining" });
    fleet.withIdle("taken", 1).withMachine("taken", { state: "ready" }, { run });
    for (const id of ["other", "over", "taken", "unknown"])
      expect(await retireIdle(fleet, id, "too_old")).toBe(false);
    expect(await retireIdle(fleet, "idle", "too_old")).toBe(true);
    expect(fleet.locks).toEqual(["fleet:all", "machine:idle"]);
  });

  test("that was not launched is closed, and the run that took it meanwhile is given back", async () => {
    const fleet = fleetWith().withRun("a", { state: "provisioning" }).withIdle("idle", 1);
    await giveUpIdle(fleet, "idle", "No machine is free.");
    expect([fleet.stateOf("idle"), fleet.locks]).toEqual(["terminated", ["fleet:all", "machine:idle"]]);
    const taken = fleetWith().withRun("a", { state: "provisioning" }).withMachine("idle", {}, { run });
    await giveUpIdle(taken, "idle", "No machine is free.");
    expect([taken.stateOf("idle"), taken.runAt("a")]).toEqual(["terminated", ["queued", 2]]);
    expect(taken.locks).toEqual(["fleet:all", "run:a", "machine:idle"]);
  });
});

test("only a queued run whose exercise cannot be read is ended for that", async () => {
  const fleet = Object.assign(fleetWith("a"), { spec: unreadable }).withRun("b", { state: "running" });
  expect(await endUnreadable(fleet, "b")).toBeNull();
  expect(await endUnreadable(fleetWith("a"), "a")).toBeNull();
  expect(await endUnreadable(fleet, "a")).toBe(unreadable.why);
  expect([fleet.runAt("a"), fleet.runAt("b")]).toEqual([
    ["not_gradable", 1],
    ["running", 1],
  ]);
});

test("a queued run says why it waits, until it waits for that no more", async () => {
  const fleet = fleetWith().withRun("run").withRun("other", { attempt: 2 });
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "machine_image", "The image is made.");
  await tellWaiting(fleet, { runId: "other", attempt: 1 }, "machine_image", "The image is made.");
  expect(fleet.runs.get("run")?.status).toMatchObject({ reasonCode: "machine_image" });
  expect(fleet.runs.get("other")?.status.reasonCode).toBeNull();
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "machine_image", null);
  expect(fleet.runs.get("run")?.status).toMatchObject({ reasonCode: null, reason: null });
  // What keeps all machines away is said before what this one lacks.
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "no_machines", "EC2 does not answer.");
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "budget", "The day's money is spent.");
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "no_machines", "EC2 is full.");
  expect(fleet.runs.get("run")?.status).toMatchObject({ reason: "The day's money is spent." });
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "fleet_stopped", "Staff stopped it.");
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "budget", "The course's money is spent.");
  expect(fleet.runs.get("run")?.status).toMatchObject({ reasonCode: "fleet_stopped" });
  await tellWaiting(fleet, { runId: "run", attempt: 1 }, "fleet_stopped", null);
  expect(fleet.runs.get("run")?.status).toMatchObject({ reasonCode: null, reason: null });
});
