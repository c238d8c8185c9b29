import { findLost } from "#grading/clusters/compare-fleet.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Clusters whose machine the provider does not have any more, or says has stopped: interruptions. */
export function lostMachines(parts: FleetParts): Reconciler {
  return {
    name: "lost-machines",
    everyMs: parts.timings.every.lostMachines,
    pass: async () => {
      const machines = await parts.provider.list(parts.installation);
      const clusters = await parts.sweeps.working();
      const lost = findLost(machines, clusters, parts.timings, parts.clock());
      await actOnEach(parts.log, "lost-machines", lost, async (cluster) => {
        const reason = "The machine was interrupted.";
        await parts.store.endCluster({ clusterId: cluster.id, how: "lost", reason });
        parts.log.warn({ clusterId: cluster.id, machineId: cluster.machineId }, reason);
      });
    },
  };
}
