import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultTimings } from "#grading/machines/timings.ts";
import type { InstanceNotice } from "#grading/protocol/messages.ts";
import { PlayedEvents } from "#tests/support/played-events.ts";
import { interruptions } from "#workers/reconcilers/interruptions.ts";
import { takeOrder } from "../runs/fleet-bench.ts";
import { openPoolBench, type PoolBench } from "./pool-bench.ts";

let bench: PoolBench;
let events: PlayedEvents;
beforeEach(async () => {
  bench = await openPoolBench(4);
  events = new PlayedEvents();
});
afterEach(() => bench.close());

const timings = { ...defaultTimings, interruptionPauseMs: 1 };
const notice = (kind: InstanceNotice["kind"]): InstanceNotice => ({ kind, at: "2024-11-12T18:03:00.000Z" });
const listen = (changes = {}) => interruptions(bench.fleet({ timings, ...changes }), events);
const machine = (id: string) => bench.db.machine.findUniqueOrThrow({ where: { id } });

describe("an event of an interruption", () => {
  test("ends the instance's machine and gives its run back uncharged, once, however often it is told", async () => {
    const { runId } = await bench.submit();
    const { machineId, instanceId, session, order } = await takeOrder(bench, runId);
    for (let i = 0; i < 2; i += 1) events.tell(instanceId, notice("interruption"));
    await bench.service.takeNotice(session, notice("interruption"));
    await listen().pass();
    events.tell(instanceId, notice("interruption"));
    await listen().pass();
    expect(events.done).toHaveLength(3);
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
    expect(await machine(machineId)).toMatchObject({ state: "draining", endCode: "interrupted" });
    const late = { runId, attempt: order.attempt, outcome: "platform_fault" as const, checks: [] };
    const fault = { code: "agent", check: null, triedAgain: false, detail: "" };
    await expect(bench.service.reportResult(session, { ...late, fault })).rejects.toMatchObject({
      status: 409,
    });
  });

  test("that comes first says the same as the machine itself does", async () => {
    const { runId } = await bench.submit();
    const { machineId, instanceId } = await takeOrder(bench, runId);
    events.tell(instanceId, notice("interruption"));
    await listen().pass();
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
    const { endReason } = await machine(machineId);
    expect(endReason).toBe("The provider takes the machine back at 2024-11-12T18:03:00.000Z.");
  });

  test("of an instance that is nobody's, or another provider's, is passed over", async () => {
    const { runId } = await bench.submit();
    const { machineId, instanceId } = await takeOrder(bench, runId);
    await bench.db.machine.update({ where: { id: machineId }, data: { provider: "another" } });
    for (const id of [instanceId, "i-0123456789abcdef0"]) events.tell(id, notice("interruption"));
    events.say({ kind: "other", what: "EC2 Instance State-change Notification" });
    await listen().pass();
    expect(events.done).toHaveLength(3);
    expect(await bench.run(runId)).toMatchObject({ state: "running", attempt: 1 });
  });

  test("is told again when it could not be handled, and keeps no other from being", async () => {
    const [first, second] = [await bench.submit(), await bench.submit()];
    const broken = await takeOrder(bench, first.runId);
    const other = await takeOrder(bench, second.runId);
    events.say({ kind: "unreadable", why: "It is no JSON." });
    for (const { instanceId } of [broken, other]) events.tell(instanceId, notice("interruption"));
    const takeNotice: typeof bench.store.takeNotice = async (id, said) => {
      if (id === broken.machineId) throw new Error("The database is away.");
      await bench.store.takeNotice(id, said);
    };
    await listen({ store: { ...bench.store, takeNotice } }).pass();
    expect(events.done).toMatchObject([{ instanceId: other.instanceId }]);
    expect(await bench.run(second.runId)).toMatchObject({ attempt: 2 });
  });
});

test("a recommendation to replace instances drains a machine that waits for a run, and none that has one", async () => {
  const { runId } = await bench.submit();
  const busy = await takeOrder(bench, runId);
  await bench.handedIn(1);
  const idle = await bench.warmMachine();
  const { instanceId } = await machine(idle.id);
  for (const id of [instanceId ?? "", busy.instanceId]) events.tell(id, notice("rebalance"));
  await listen().pass();
  expect(await machine(idle.id)).toMatchObject({ state: "draining", endCode: "interrupted" });
  expect(await machine(busy.machineId)).toMatchObject({ state: "assigned" });
  expect(events.done).toHaveLength(2);
});

describe("a queue that cannot be read", () => {
  const notices = () => bench.db.notice.findMany();

  test("is asked again after a pause, told to staff when it lasts, and over when it can", async () => {
    const loop = listen();
    events.failure = new Error("The permission sqs:ReceiveMessage is missing.");
    await loop.pass();
    expect(await notices()).toEqual([]);
    bench.pass(timings.providerPatienceMs);
    for (let i = 0; i < 3; i += 1) await loop.pass();
    expect(await notices()).toMatchObject([
      { code: "fleet.interruptions-unheard", subject: "provider:memory", count: 1, closedAt: null },
    ]);
    expect((await notices())[0]?.reason).toContain("sqs:ReceiveMessage is missing");
    events.failure = null;
    await loop.pass();
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
  });

  test("that an earlier worker told of is over for the next one, also when its own first look failed", async () => {
    const { action, subject } = {
      action: "fleet.interruptions-unheard",
      subject: "provider:memory",
    } as const;
    await bench.store.tellStaff({ action, subject, reason: "Interruptions are heard from machines alone." });
    const loop = listen();
    events.failure = new Error("away");
    await loop.pass();
    expect(await notices()).toMatchObject([{ closedAt: null }]);
    events.failure = null;
    await loop.pass();
    expect(await notices()).toMatchObject([{ closedAt: expect.any(Date) }]);
  });

  test("keeps no worker from stopping, neither by its silence nor by the pause after a failure", async () => {
    const silent = new PlayedEvents();
    silent.receive = (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const failing = new PlayedEvents();
    failing.failure = new Error("away");
    const slow = { ...timings, interruptionPauseMs: 3_600_000 };
    for (const one of [silent, failing]) {
      const loop = interruptions(bench.fleet({ timings: slow }), one);
      const pass = loop.pass();
      setTimeout(() => loop.interrupt?.(), 100);
      await pass;
    }
    expect(await notices()).toEqual([]);
  });
});
