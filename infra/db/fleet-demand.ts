import { liveStates } from "#grading/clusters/cluster-state.ts";
import type { Tx } from "#infra/db/client.ts";

/** Oldest first; at most `limit` queued runs are named. */
export async function readDemand(
  tx: Tx,
  limit: number,
): Promise<{ live: number; claimed: number; queued: string[] }> {
  const live = await tx.cluster.count({ where: { state: { in: [...liveStates] } } });
  const claimed = await tx.run.count({ where: { state: "claimed" } });
  const queued = await tx.run.findMany({
    where: { state: "queued" },
    orderBy: [{ queuedAt: "asc" }, { id: "asc" }],
    take: limit,
    select: { id: true },
  });
  return { live, claimed, queued: queued.map((run) => run.id) };
}
