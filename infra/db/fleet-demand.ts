import { liveStates, workingStates } from "#grading/clusters/cluster-state.ts";
import type { FleetDemand } from "#grading/clusters/plan-fleet.ts";
import type { MachineProfile } from "#grading/clusters/provider.ts";
import type { Tx } from "#infra/db/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** Two claims at once would both see the last place free; the lock makes them look one after the other. */
export async function lockFleet(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('fleet', 0))`;
}

/** Clusters of the pool that no run has yet and that may still get one. */
export const isIdle = {
  poolNodes: { not: null },
  runId: null,
  state: { in: [...workingStates] },
} satisfies Prisma.ClusterWhereInput;

/** Oldest first; at most `limit` queued runs are named, and only those that a machine of these profiles grades. */
export async function readDemand(
  tx: Tx,
  limit: number,
  profiles: MachineProfile["name"][],
): Promise<Omit<FleetDemand, "fleetMax">> {
  // Each count sees its own instant, and a claimed run gets its cluster without the fleet's lock: counted before
  // clusters, it takes two places for a moment; after them it could take none, and the fleet would be over its limit.
  const claimed = await tx.run.count({ where: { state: "claimed" } });
  const live = await tx.cluster.count({ where: { state: { in: [...liveStates] } } });
  const idle = await tx.cluster.count({ where: isIdle });
  const queued = await tx.run.findMany({
    where: { state: "queued", OR: profiles.map(ofProfile) },
    orderBy: [{ queuedAt: "asc" }, { id: "asc" }],
    take: limit,
    select: { id: true },
  });
  return { live, idle, claimed, queued: queued.map((run) => run.id) };
}

/** Runs whose exercise, in the version that they are graded by, has this profile. */
export function ofProfile(profile: MachineProfile["name"]): Prisma.RunWhereInput {
  return { exerciseVersion: { spec: { path: ["profile"], equals: profile } } };
}
