import { leaseOver } from "#grading/clusters/compare-fleet.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Machines whose time is up, whatever they are doing. */
export function leaseExpiry(parts: FleetParts): Reconciler {
  return {
    name: "lease-expiry",
    everyMs: parts.timings.every.leaseExpiry,
    pass: async () => {
      const { now } = await parts.watch.look();
      const overdue = (await parts.sweeps.working()).filter((cluster) => leaseOver(cluster, now));
      await actOnEach(parts.log, "lease-expiry", overdue, async (cluster) => {
        const reason = "The machine's time was up before the run had ended.";
        const { moved } = await parts.store.endCluster({
          clusterId: cluster.id,
          how: "drain",
          reason,
          onlyIf: (current) => leaseOver(current, now),
        });
        if (moved) parts.log.warn({ clusterId: cluster.id }, reason);
      });
    },
  };
}
