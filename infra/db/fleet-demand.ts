import { liveStates } from "#grading/clusters/cluster-state.ts";
import type { MachineProfile } from "#grading/clusters/provider.ts";
import type { Tx } from "#infra/db/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** Oldest first; at most `limit` queued runs are named, and only those that a machine of these profiles grades. */
export async function readDemand(
  tx: Tx,
  limit: number,
  profiles: MachineProfile["name"][],
): Promise<{ live: number; claimed: number; queued: string[] }> {
  const live = await tx.cluster.count({ where: { state: { in: [...liveStates] } } });
  const claimed = await tx.run.count({ where: { state: "claimed" } });
  const queued = await tx.run.findMany({
    where: { state: "queued", OR: profiles.map(ofProfile) },
    orderBy: [{ queuedAt: "asc" }, { id: "asc" }],
    take: limit,
    select: { id: true },
  });
  return { live, claimed, queued: queued.map((run) => run.id) };
}

/** Runs whose exercise, in the version that they are graded by, has this profile. */
export function ofProfile(profile: MachineProfile["name"]): Prisma.RunWhereInput {
  return { exerciseVersion: { spec: { path: ["profile"], equals: profile } } };
}
