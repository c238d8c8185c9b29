import { afterEach, beforeEach, expect, test } from "vitest";
import type { InstanceNotice } from "#grading/protocol/messages.ts";
import { type FleetBench, openFleetBench, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench();
});
afterEach(() => bench.close());

const notice = (kind: InstanceNotice["kind"]): InstanceNotice => ({ kind, at: "2024-11-12T18:03:00.000Z" });

test("an interrupted machine is ended at once, its run waits again uncharged, and its result comes too late", async () => {
  const { runId } = await bench.submit();
  const { session, machineId, order } = await takeOrder(bench, runId);
  await bench.service.takeNotice(session, notice("rebalance"));
  expect(await bench.run(runId)).toMatchObject({ state: "running", attempt: 1 });
  await bench.service.takeNotice(session, notice("interruption"));
  expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
  const machine = await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } });
  expect(machine).toMatchObject({ state: "draining", endCode: "interrupted" });
  expect((await bench.service.heartbeat(session, { phase: "grading" })).cancel).toBe(true);
  const late = { runId, attempt: order.attempt, outcome: "platform_fault" as const, checks: [] };
  const fault = { code: "agent", check: null, triedAgain: false, detail: "" };
  await expect(bench.service.reportResult(session, { ...late, fault })).rejects.toMatchObject({
    name: "AgentRefusal",
    status: 409,
  });
  expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
});
