import { passedCap } from "#course/cost/budget.ts";
import { costOf, perSecond } from "#course/cost/cost-of.ts";
import { microsOf } from "#course/cost/micros.ts";
import { readDemand } from "#grading/runs/demand/read-demand.ts";
import type { StartLimits } from "#grading/runs/ports.ts";
import { planFleet } from "#grading/runs/queue/plan-fleet.ts";
import type { NewMachine } from "../launching/launcher.ts";
import type { PoolTransaction } from "./pool-transaction.ts";

export interface PoolLimits extends StartLimits {
  fleetMax: number;
  /** Machines of its kind in the pool at once. */
  size: number;
}

/**
 * Writes the row of one more machine of the pool; false when it has enough of its kind meanwhile, there is no money for it,
 * or the fleet without it has no room but for the queued runs that may start now.
 */
export async function requestIdle(
  tx: PoolTransaction,
  machine: NewMachine & { poolNodes: number },
  limits: PoolLimits,
): Promise<boolean> {
  await tx.lockFleet();
  const { fleetMax, size } = limits;
  const places = await tx.readPlaces();
  const alike = (await tx.readIdle()).filter(({ machineKind }) => machineKind === machine.machineKind);
  if (alike.length >= size) return false;
  if (await mayNotCost(tx, machine)) return false;
  const { dayIsShort, ...demand } = await readDemand(tx, limits);
  // A run that waits for the day's money has it first.
  if (dayIsShort) return false;
  const { start } = planFleet({ fleetMax, ...places, ...demand });
  if (places.live + places.claimed + start.length >= fleetMax) return false;
  await tx.addMachine(machine, null);
  return true;
}

/** While staff have stopped the fleet, or where it would pass the limit of the day: no run pays for it yet. */
async function mayNotCost(tx: PoolTransaction, { usdPerHour, leaseUntil }: NewMachine): Promise<boolean> {
  const { now, stop, caps, spending } = await tx.readMoney({ courses: [], students: [] });
  const seconds = Math.max(0, (leaseUntil.getTime() - now.getTime()) / 1000);
  const micros = microsOf(costOf(usdPerHour, seconds, perSecond));
  return stop !== null || passedCap(spending, caps, null, micros) !== null;
}
