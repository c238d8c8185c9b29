import { makeRoom } from "../../machines/pool/make-room.ts";
import { findIdle, takeIdle } from "../../machines/pool/take-idle.ts";
import { reservationOf } from "../demand/held-by-money.ts";
import { marketFor } from "../demand/market-for.ts";
import { oneLook } from "../demand/one-look.ts";
import { readDemand } from "../demand/read-demand.ts";
import { exerciseUnreadable } from "../exercise-unreadable.ts";
import { moveRun } from "../move-run.ts";
import type { ClaimLimits, ClaimOutcome } from "../ports.ts";
import { planFleet, roomFor } from "../queue/plan-fleet.ts";
import type { StartTransaction } from "./start-transaction.ts";

/**
 * Claims the run when it is its turn and there is room, and gives it a machine of the pool where one fits. What is fair
 * and paid for is decided by what is read under the fleet's lock, in this order: the run, the places of the fleet, the queue
 * with what was spent (see readDemand), the pool.
 */
export async function claimRun(
  tx: StartTransaction,
  runId: string,
  asTheyCome: ClaimLimits,
): Promise<ClaimOutcome> {
  await tx.lockFleet();
  const limits = oneLook(asTheyCome);
  const { fleetMax } = limits;
  const run = await tx.readStarting(runId);
  if (run === null) return { outcome: "not-queued", why: `There is no run ${runId}.` };
  if (run.state !== "queued") return { outcome: "not-queued", why: `The run is ${run.state} already.` };
  // Before its turn: it needs no machine, and must hold no place of one.
  if (run.spec.outcome === "unreadable") {
    await moveRun(tx, runId, exerciseUnreadable(run.attempt, run.spec.why));
    return { outcome: "not-gradable", why: run.spec.why };
  }
  const places = await tx.readPlaces();
  // The whole queue is only read where a place is free.
  if (roomFor({ fleetMax, ...places }) === 0) return { outcome: "waiting", why: "The fleet is full." };
  const plan = planFleet({ fleetMax, ...places, ...(await readDemand(tx, limits)) });
  const spec = run.spec.value;
  const { machineKind } = run;
  const market = marketFor(run, limits);
  if (!plan.start.includes(runId)) {
    return {
      outcome: "waiting",
      why: market !== null ? "Other runs come first, or there is no money for it." : noMachine,
    };
  }
  const leaseUntil = limits.leaseOf({ ...spec, machineKind });
  const idle = await findIdle(tx, { ...spec, machineKind }, leaseUntil);
  if (idle === null && market === null) return { outcome: "waiting", why: noMachine };
  if (idle === null && places.live + places.claimed >= fleetMax) {
    await makeRoom(tx);
    return { outcome: "waiting", why: "A machine of the pool makes room." };
  }
  const usdPerHour = limits.usdPerHourOf?.(machineKind, market ?? "spot") ?? null;
  if (market !== null && usdPerHour === null && limits.usdPerHourOf !== undefined) {
    return { outcome: "unpriced", machineKind, market };
  }
  const move = await moveRun(tx, runId, { type: "claim", attempt: run.attempt }, limits.worker);
  if (move.outcome !== "moved") {
    return { outcome: "not-queued", why: move.outcome === "missing" ? "The run is gone." : move.why };
  }
  const { attempt } = move.state;
  await tx.saveTurn(run.userId);
  if (idle === null) {
    // From now on nobody else may spend it.
    const micros = reservationOf(limits, { ...spec, machineKind, market: market ?? "spot" }, tx.now);
    if (micros !== null) await tx.saveReservation({ runId, attempt }, micros);
    return { outcome: "claimed", attempt, machineKind, leaseUntil, market: market ?? "spot", usdPerHour };
  }
  await takeIdle(tx, idle.id, { runId, attempt }, leaseUntil);
  return { outcome: "taken", machineId: idle.id };
}

const noMachine = "No machine of its kind can be asked for now, and none of the pool fits.";
