import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { queueView } from "#app/_server/queries/run/queue-view.ts";
import { noCaps } from "#course/cost/budget.ts";
import { createFleetSwitch } from "#infra/db/machines/fleet-switch.ts";
import { fleetTransaction } from "#infra/db/runs/fleet-transaction.ts";
import { createQueuePlaces } from "#infra/db/runs/queue-places.ts";
import { moneyWaits } from "#workers/reconcilers/money-waits.ts";
import { type FleetBench, fullResult, openFleetBench, takeOrder } from "../runs/fleet-bench.ts";

let bench: FleetBench;
let woken: number;
let look: () => Promise<void>;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 10, caps: noCaps });
  woken = 0;
  look = moneyWaits(bench.fleet(), bench.starter, bench.launcher, () => void woken++).pass;
});
afterEach(() => bench.close());

const act = { userId: null, by: "root at console", reason: "It runs away." };
const machineOf = (id: string) => bench.db.machine.findUniqueOrThrow({ where: { id } });
const told = async (runId: string) =>
  queueView(await createQueuePlaces(bench.db, { fleetMax: 10, clock: bench.now }).of(runId))?.waitsFor;
const openNotices = () => bench.db.notice.findMany({ where: { closedAt: null }, orderBy: { code: "asc" } });

describe("the kill switch", () => {
  test("ends no machine that another course's run takes at that very moment", async () => {
    const at = { requestedAt: bench.now(), leaseUntil: new Date(bench.now().getTime() + 3_600_000) };
    const idle = { id: "mch_idle", provider: "memory", machineKind: "engine", poolNodes: 0, usdPerHour: 1 };
    await bench.db.machine.create({ data: { ...idle, ...at, state: "ready" } });
    const { runId } = await bench.submit();
    const fleet = createFleetSwitch(bench.db, bench.now);
    let ending: Promise<object> | undefined;
    await bench.mover(async (context) => {
      await fleetTransaction(context).lockFleet();
      ending = fleet.endMachine(act, "mch_idle", "crs_other");
      await context.tx.machine.update({ where: { id: "mch_idle" }, data: { runId, runAttempt: 1 } });
    });
    expect(await ending).toMatchObject({ outcome: "refused" });
    expect(await machineOf("mch_idle")).toMatchObject({ state: "ready" });
  });

  test("starts nothing until it is taken back; what runs is graded, and everybody is told why", async () => {
    const [first, second] = [await bench.submit(), await bench.submit()];
    const { session, order } = await takeOrder(bench, first.runId);
    const fleet = createFleetSwitch(bench.db, bench.now);
    expect(await fleet.stop(act, { drain: false })).toMatchObject({ outcome: "stopped" });
    expect(await fleet.stop(act, { drain: false })).toMatchObject({ outcome: "stopped-already" });
    expect(await bench.starter.start(second.runId)).toMatchObject({ outcome: "waiting" });
    await look();
    expect(await told(second.runId)).toContain("Staff have stopped new machines from being started.");
    expect(await openNotices()).toMatchObject([{ code: "fleet.stopped", courseId: null }]);
    await bench.service.reportResult(session, fullResult(bench, order));
    await bench.store.finishScoring(first.runId);
    expect(await bench.run(first.runId)).toMatchObject({ state: "graded" });

    expect(await fleet.resume({ ...act, reason: "Mended." })).toEqual({ outcome: "resumed" });
    expect(await fleet.resume(act)).toEqual({ outcome: "not-stopped" });
    expect(await openNotices()).toEqual([]);
    await look();
    expect([await told(second.runId), woken]).toEqual([null, 1]);
    expect(await bench.starter.start(second.runId)).toMatchObject({ outcome: "started" });
    const audit = await bench.db.auditEntry.findMany({ orderBy: { action: "asc" } });
    expect(audit).toMatchObject([
      { action: "fleet.resume", subject: "fleet:all", reason: "Mended.", before: { reason: act.reason } },
      { action: "fleet.stop", subject: "fleet:all", reason: act.reason, after: { by: act.by } },
    ]);
  });

  test("that drains ends what waits and nothing that grades; one machine is ended by its name", async () => {
    const { runId } = await bench.submit();
    const { machineId } = await takeOrder(bench, runId);
    const at = { requestedAt: bench.now(), leaseUntil: new Date(bench.now().getTime() + 60_000) };
    const idle = { id: "mch_idle", provider: "memory", machineKind: "engine", poolNodes: 1, usdPerHour: 1 };
    await bench.db.machine.create({ data: { ...idle, ...at, state: "ready" } });
    const fleet = createFleetSwitch(bench.db, bench.now);
    expect(await fleet.stop(act, { drain: true })).toEqual({ outcome: "stopped", endedIdle: 1 });
    expect(await machineOf("mch_idle")).toMatchObject({ state: "draining", endCode: "by_staff" });
    expect(await machineOf(machineId)).toMatchObject({ state: "assigned" });
    expect(await fleet.endMachine(act, machineId, "crs_other")).toMatchObject({
      ...{ outcome: "refused", message: expect.stringContaining("another course") },
    });
    expect(await machineOf(machineId)).toMatchObject({ state: "assigned" });
    const { courseId } = bench.course;
    expect(await fleet.endMachine(act, machineId, courseId)).toEqual({ outcome: "ended" });
    expect(await fleet.endMachine(act, machineId, null)).toMatchObject({ outcome: "refused" });
    expect(await fleet.endMachine(act, "mch_none", null)).toMatchObject({ outcome: "refused" });
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 0 });
    const audited = await bench.db.auditEntry.findMany({ orderBy: { action: "asc" } });
    expect(audited.map(({ action }) => action)).toEqual(["fleet.drain", "machine.end"]);
  });
});
