import { type MachineWish, poolKind } from "../../machines/plan-pool.ts";
import type { StartLimits } from "../ports.ts";
import type { FleetDemand } from "../queue/plan-fleet.ts";
import type { MoneyReads } from "./fleet-money.ts";
import { heldByMoney } from "./held-by-money.ts";
import type { OpenRun } from "./open-run.ts";

export interface QueueReads extends MoneyReads {
  /** Every run that has not ended, in any order. */
  readOpenRuns(): Promise<OpenRun[]>;
}

/**
 * The queued runs that a machine can be had and paid for, in any order, with the pool's machines that some of them depend on.
 * Pool and exercises are read after the runs, and only where one can have no machine but one of the pool.
 */
export async function readDemand(
  reads: QueueReads,
  limits: StartLimits,
): Promise<Pick<FleetDemand, "waiting" | "machines" | "underWay">> {
  const { machineKinds, leaseOf } = limits;
  const runs = await reads.readOpenRuns();
  const queued = runs.filter((run) => run.state === "queued");
  const held = await heldByMoney(reads, queued, limits);
  const of = (names: readonly string[]) => (run: OpenRun) =>
    run.state === "queued" && !held.has(run.id) && names.includes(run.machineKind);
  const able = runs.filter(of(machineKinds)).map((run) => ({ ...run, onlyIdle: null }));
  const others = runs.filter(of(machineKinds.includes(poolKind) ? [] : [poolKind]));
  const machines = others.length === 0 ? [] : await reads.readIdle();
  const wishes = machines.length === 0 ? null : await readWishes(reads, others, leaseOf);
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
    const nodes = spec.value.facilities.kubernetes?.nodes;
    if (nodes !== undefined)
      wishes.set(id, { nodes, leaseUntil: leaseOf({ ...spec.value, machineKind: kinds.get(id) ?? "" }) });
  }
  return wishes;
}
