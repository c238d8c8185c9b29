import { describe, expect, test } from "vitest";
import {
  bootOverdue,
  type ClusterSight,
  findLost,
  heartbeatStale,
  judgeMachines,
  leaseOver,
} from "./compare-fleet.ts";
import type { Machine } from "./provider.ts";

const start = new Date("2024-11-12T18:00:00Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const long = at(-1000);
const timings = { bootTimeoutMs: 60_000, heartbeatStaleMs: 15_000, orphanGraceMs: 30_000 };
const heard = (since: Date, now: Date) => ({ since, now });
const cluster = (fields: Partial<ClusterSight>): ClusterSight => ({
  id: "clu_1",
  state: "booting",
  machineId: "m-1",
  requestedAt: start,
  bootingAt: at(1),
  readyAt: null,
  heartbeatAt: null,
  leaseUntil: at(600),
  ...fields,
});
const machine = (fields: Partial<Machine>): Machine => ({
  machineId: "m-1",
  clusterId: "clu_1",
  installation: "test",
  state: "running",
  launchedAt: at(1),
  leaseUntil: at(600),
  ...fields,
});

describe("boot timeout", () => {
  test("counts from the launch, and only for machines that have not called", () => {
    expect(bootOverdue(cluster({}), timings, heard(long, at(61)))).toBe(false);
    expect(bootOverdue(cluster({}), timings, heard(long, at(61.001)))).toBe(true);
    expect(bootOverdue(cluster({ state: "ready" }), timings, heard(long, at(999)))).toBe(false);
  });

  test("counts from the request when the launch never returned", () => {
    const silent = cluster({ state: "requested", bootingAt: null, machineId: null });
    expect(bootOverdue(silent, timings, heard(long, at(60.001)))).toBe(true);
  });

  test("gives machines their time again after the worker was away", () => {
    expect(bootOverdue(cluster({}), timings, heard(at(100), at(159)))).toBe(false);
    expect(bootOverdue(cluster({}), timings, heard(at(100), at(161)))).toBe(true);
  });
});

describe("heartbeat", () => {
  test("is stale after its limit of silence, counted from the first call", () => {
    const ready = cluster({ state: "ready", readyAt: at(5) });
    expect(heartbeatStale(ready, timings, heard(long, at(20)))).toBe(false);
    expect(heartbeatStale(ready, timings, heard(long, at(20.001)))).toBe(true);
    const assigned = cluster({ state: "assigned", readyAt: at(5), heartbeatAt: at(40) });
    expect(heartbeatStale(assigned, timings, heard(long, at(55)))).toBe(false);
    expect(heartbeatStale(assigned, timings, heard(long, at(56)))).toBe(true);
  });

  test("that nobody could hear is not held against the machine", () => {
    const assigned = cluster({ state: "assigned", heartbeatAt: at(5) });
    expect(heartbeatStale(assigned, timings, heard(at(300), at(314)))).toBe(false);
  });
});

test("a lease is over at its instant, for every cluster that may still work", () => {
  expect(leaseOver(cluster({ state: "assigned" }), at(599.999))).toBe(false);
  expect(leaseOver(cluster({ state: "assigned" }), at(600))).toBe(true);
  expect(leaseOver(cluster({ state: "draining" }), at(9999))).toBe(false);
});

describe("machines without a wanting row", () => {
  const judge = (candidate: Machine, row: ClusterSight | null, seconds: number) =>
    judgeMachines([candidate], new Map(row ? [[row.id, row]] : []), timings, at(seconds))[0]?.act;

  test("are ended once the grace is over", () => {
    expect(judge(machine({}), null, 30)).toBe("leave");
    expect(judge(machine({}), null, 32)).toBe("terminate");
    expect(judge(machine({}), cluster({ state: "terminated" }), 32)).toBe("terminate");
    expect(judge(machine({ state: "stopped" }), null, 32)).toBe("terminate");
  });

  test("are left while their cluster lives, and adopted when it does not know them", () => {
    expect(judge(machine({}), cluster({ state: "assigned" }), 500)).toBe("leave");
    expect(judge(machine({}), cluster({ state: "draining" }), 500)).toBe("leave");
    expect(judge(machine({}), cluster({ state: "requested", machineId: null }), 2)).toBe("adopt");
  });

  test("that are gone need nothing", () => {
    expect(judge(machine({ state: "gone" }), null, 500)).toBe("leave");
  });
});

describe("clusters without a machine", () => {
  const lost = (machines: Machine[], row: ClusterSight, seconds: number) =>
    findLost(machines, [row], timings, heard(long, at(seconds))).length === 1;

  test("are lost once the grace is over", () => {
    expect(lost([], cluster({ state: "assigned" }), 31)).toBe(false);
    expect(lost([], cluster({ state: "assigned" }), 32)).toBe(true);
  });

  test("are lost at once when the provider says that the machine stopped", () => {
    expect(lost([machine({ state: "stopped" })], cluster({ state: "assigned" }), 2)).toBe(true);
    expect(lost([machine({ state: "pending" })], cluster({ state: "booting" }), 500)).toBe(false);
  });

  test("are not lost when they were never launched, or are being ended", () => {
    expect(lost([], cluster({ state: "requested", machineId: null, bootingAt: null }), 500)).toBe(false);
    expect(lost([], cluster({ state: "draining" }), 500)).toBe(false);
  });
});
