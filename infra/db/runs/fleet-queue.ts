import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { type MachineWish, pooledProfiles } from "#grading/machines/plan-pool.ts";
import type { StartLimits } from "#grading/runs/ports.ts";
import type { FleetDemand } from "#grading/runs/queue/plan-fleet.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { readIdle } from "../machines/fleet-demand.ts";
import { type OpenRun, readOpenRuns } from "./open-runs.ts";

/** The queued runs that a machine can be had for, in any order, with the pool's machines that some of them depend on. */
export async function readQueue(
  tx: Tx,
  provider: string,
  { profiles, leaseOf }: StartLimits,
  now: Date,
): Promise<Pick<FleetDemand, "waiting" | "machines" | "underWay">> {
  const rows = await readOpenRuns(tx, now);
  const of = (names: readonly string[]) => (row: OpenRun) =>
    row.state === "queued" && names.includes(row.profile);
  const able = rows.filter(of(profiles)).map((row) => ({ ...row, onlyIdle: null }));
  const others = rows.filter(of(pooledProfiles.filter((profile) => !profiles.includes(profile))));
  const machines = others.length === 0 ? [] : await readIdle(tx, provider);
  const wishes = machines.length === 0 ? null : await readWishes(tx, others, leaseOf);
  return {
    waiting: [
      ...able,
      ...others.flatMap((row) => {
        const onlyIdle = wishes?.get(row.version);
        return onlyIdle === undefined ? [] : [{ ...row, onlyIdle }];
      }),
    ],
    machines,
    underWay: rows.filter((row) => row.state !== "queued" && row.state !== "scoring"),
  };
}

/** By exercise version; one that cannot be read wishes nothing. */
async function readWishes(
  tx: Tx,
  runs: readonly OpenRun[],
  leaseOf: StartLimits["leaseOf"],
): Promise<Map<string, MachineWish>> {
  const versions = await tx.exerciseVersion.findMany({
    where: { id: { in: [...new Set(runs.map(({ version }) => version))] } },
    select: { id: true, spec: true },
  });
  const wishes = new Map<string, MachineWish>();
  for (const { id, spec } of versions) {
    const stored = storedSpec.read(spec);
    if (stored.outcome === "unreadable") continue;
    wishes.set(id, { nodes: stored.value.kubernetes.nodes, leaseUntil: leaseOf(stored.value) });
  }
  return wishes;
}
