import {
  type ClusterSight,
  calledSince,
  cutOffByGap,
  findLost,
  leaseOver,
} from "#grading/clusters/compare-fleet.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Clusters whose machine the provider does not have any more, or says has stopped: interruptions. */
export function lostMachines(parts: FleetParts): Reconciler {
  return {
    name: "lost-machines",
    everyMs: parts.timings.every.lostMachines,
    pass: async () => {
      const heard = await parts.watch.look();
      // The rows first: a machine that one of them names was launched before it is looked for.
      const clusters = await parts.sweeps.working();
      const machines = await parts.provider.list(parts.installation);
      const lost = findLost(machines, clusters, parts.timings, heard);
      await actOnEach(parts.log, "lost-machines", lost, (cluster) => act(parts, cluster, heard.now));
    },
  };
}

async function act(parts: FleetParts, cluster: ClusterSight, lookedAt: Date): Promise<void> {
  const { clusterId, machineId } = { clusterId: cluster.id, machineId: cluster.machineId };
  // The provider's answer may have taken longer than its lease had left, or than a gap.
  const { now: asItIs } = await parts.watch.look();
  const excused = endedInGap(parts, cluster, asItIs);
  const reason = excused
    ? "The machine's time was up while Drydock could not hear it."
    : "The machine was interrupted.";
  const { moved } = await parts.store.endCluster({
    clusterId,
    how: "lost",
    reason,
    excused,
    onlyIf: (now) => now.machineId === machineId && !calledSince(now, lookedAt),
  });
  if (moved) parts.log.warn({ clusterId, machineId }, reason);
}

/** Its own timer ends it with its lease; before that it was interrupted, gap or no gap. */
function endedInGap({ timings, watch }: FleetParts, cluster: ClusterSight, now: Date): boolean {
  return leaseOver(cluster, now) && cutOffByGap(cluster, timings, watch.gapAt);
}
