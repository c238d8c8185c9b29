import type { MachineWish } from "../../machines/plan-pool.ts";
import type { StartLimits } from "../ports.ts";
import type { FleetDemand } from "../queue/plan-fleet.ts";
import type { MoneyReads } from "./fleet-money.ts";
import { heldByMoney } from "./held-by-money.ts";
import { marketFor } from "./market-for.ts";
import type { OpenRun } from "./open-run.ts";

export interface QueueReads extends MoneyReads {
  /** Every run that has not ended, in any order. */
  readOpenRuns(): Promise<OpenRun[]>;
}

/**
 * The queued runs that a machine can be had and paid for, in any order, with the pool's machines that some of them depend
 * on: a run for which none can be launched now takes one that waits. Pool and exercises are read after the runs, and only
 * where one can have no machine but one of the pool. dayIsShort: one waits for what the day may still cost.
 */
export async function readDemand(
  reads: QueueReads,
  limits: StartLimits,
): Promise<Pick<FleetDemand, "waiting" | "machines" | "underWay"> & { dayIsShort: boolean }> {
  const runs = await reads.readOpenRuns();
  const all = runs.filter(({ state }) => state === "queued");
  const held = await heldByMoney(reads, all, limits);
  const queued = all.filter(({ id }) => !held.has(id));
  const launches = (run: OpenRun) => marketFor(run, limits) !== null;
  const able = queued.filter(launches).map((run) => ({ ...run, onlyIdle: null }));
  const unable = queued.filter((run) => !launches(run));
  const machines = unable.length === 0 || limits.filesAway === true ? [] : await reads.readIdle();
  const others = unable.filter((run) => machines.some((one) => one.machineKind === run.machineKind));
  const wishes = others.length === 0 ? null : await readWishes(reads, others, limits.leaseOf);
  return {
    waiting: [
      ...able,
      ...others.flatMap((run) => {
        const onlyIdle = wishes?.get(run.version);
        return onlyIdle === undefined ? [] : [{ ...run, onlyIdle }];
      }),
    ],
    machines,
    underWay: runs.filter((run) => run.state !== "queued" && run.state !== "scoring"),
    dayIsShort: [...held.values()].some((by) => by.what === "cap" && by.cap === "day"),
  };
}

/** By exercise version; one that cannot be read wishes nothing. */
async function readWishes(
  reads: QueueReads,
  runs: readonly OpenRun[],
  leaseOf: StartLimits["leaseOf"],
): Promise<Map<string, MachineWish>> {
  const wishes = new Map<string, MachineWish>();
  const kinds = new Map(runs.map(({ version, machineKind }) => [version, machineKind]));
  for (const { id, spec } of await reads.readSpecs([...kinds.keys()])) {
    if (spec.outcome === "unreadable") continue;
    const machineKind = kinds.get(id) ?? "";
    const nodes = spec.value.facilities.kubernetes?.nodes ?? 0;
    wishes.set(id, { machineKind, nodes, leaseUntil: leaseOf({ ...spec.value, machineKind }) });
  }
  return wishes;
}
