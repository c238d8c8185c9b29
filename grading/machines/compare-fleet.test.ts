import { describe, expect, test } from "vitest";
import {
  bootOverdue,
  findLost,
  heartbeatStale,
  judgeMachines,
  leaseOver,
  type MachineSight,
} from "./compare-fleet.ts";
import type { Instance } from "./provider.ts";

const start = new Date("2024-11-12T18:00:00Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const long = at(-1000);
const timings = { bootTimeoutMs: 60_000, heartbeatStaleMs: 15_000, orphanGraceMs: 30_000 };
const heard = (since: Date, now: Date) => ({ since, now });
const machine = (fields: Partial<MachineSight>): MachineSight => ({
  id: "mch_1",
  state: "booting",
  instanceId: "m-1",
  requestedAt: start,
  bootingAt: at(1),
  readyAt: null,
  heartbeatAt: null,
  leaseUntil: at(600),
  ...fields,
});
const instance = (fields: Partial<Instance>): Instance => ({
  instanceId: "m-1",
  machineId: "mch_1",
  installation: "test",
  state: "running",
  offering: null,
  launchedAt: at(1),
  leaseUntil: at(600),
  ...fields,
});

describe("boot timeout", () => {
  test("counts from the launch, and only for machines that have not called", () => {
    expect(bootOverdue(machine({}), timings, heard(long, at(61)))).toBe(false);
    expect(bootOverdue(machine({}), timings, heard(long, at(61.001)))).toBe(true);
    expect(bootOverdue(machine({ state: "ready" }), timings, heard(long, at(999)))).toBe(false);
  });

  test("counts from the request when the launch never returned", () => {
    const silent = machine({ state: "requested", bootingAt: null, instanceId: null });
    expect(bootOverdue(silent, timings, heard(long, at(60.001)))).toBe(true);
  });

  test("gives machines their time again after the worker was away", () => {
    expect(bootOverdue(machine({}), timings, heard(at(100), at(159)))).toBe(false);
    expect(bootOverdue(machine({}), timings, heard(at(100), at(161)))).toBe(true);
  });
});

describe("heartbeat", () => {
  test("is stale after its limit of silence, counted from the first call", () => {
    const ready = machine({ state: "ready", readyAt: at(5) });
    expect(heartbeatStale(ready, timings, heard(long, at(20)))).toBe(false);
    expect(heartbeatStale(ready, timings, heard(long, at(20.001)))).toBe(true);
    const assigned = machine({ state: "assigned", readyAt: at(5), heartbeatAt: at(40) });
    expect(heartbeatStale(assigned, timings, heard(long, at(55)))).toBe(false);
    expect(heartbeatStale(assigned, timings, heard(long, at(56)))).toBe(true);
  });

  test("that nobody could hear is not held against the machine", () => {
    const assigned = machine({ state: "assigned", heartbeatAt: at(5) });
    expect(heartbeatStale(assigned, timings, heard(at(300), at(314)))).toBe(false);
  });
});

test("a lease is over at its instant, for every machine that may still work", () => {
  expect(leaseOver(machine({ state: "assigned" }), at(599.999))).toBe(false);
  expect(leaseOver(machine({ state: "assigned" }), at(600))).toBe(true);
  expect(leaseOver(machine({ state: "draining" }), at(9999))).toBe(false);
});

describe("machines without a wanting row", () => {
  const judge = (candidate: Instance, row: MachineSight | null, seconds: number) =>
    judgeMachines([candidate], new Map(row ? [[row.id, row]] : []), timings, at(seconds))[0]?.act;

  test("are ended once the grace is over", () => {
    expect(judge(instance({}), null, 30)).toBe("leave");
    expect(judge(instance({}), null, 32)).toBe("terminate");
    expect(judge(instance({}), machine({ state: "terminated" }), 32)).toBe("terminate");
    expect(judge(instance({ state: "stopped" }), null, 32)).toBe("terminate");
  });

  test("are left while their machine lives, and adopted when it does not know them", () => {
    expect(judge(instance({}), machine({ state: "assigned" }), 500)).toBe("leave");
    expect(judge(instance({}), machine({ state: "draining" }), 500)).toBe("leave");
    expect(judge(instance({}), machine({ state: "requested", instanceId: null }), 2)).toBe("adopt");
  });

  test("that are gone need nothing", () => {
    expect(judge(instance({ state: "gone" }), null, 500)).toBe("leave");
  });
});

describe("machines without an instance", () => {
  const lost = (instances: Instance[], row: MachineSight, seconds: number) =>
    findLost(instances, [row], timings, heard(long, at(seconds))).length === 1;

  test("are lost once the grace is over", () => {
    expect(lost([], machine({ state: "assigned" }), 31)).toBe(false);
    expect(lost([], machine({ state: "assigned" }), 32)).toBe(true);
  });

  test("are lost at once when the provider says that the machine stopped", () => {
    expect(lost([instance({ state: "stopped" })], machine({ state: "assigned" }), 2)).toBe(true);
    expect(lost([instance({ state: "pending" })], machine({ state: "booting" }), 500)).toBe(false);
  });

  test("are not lost when they were never launched, or are being ended", () => {
    expect(lost([], machine({ state: "requested", instanceId: null, bootingAt: null }), 500)).toBe(false);
    expect(lost([], machine({ state: "draining" }), 500)).toBe(false);
  });
});
