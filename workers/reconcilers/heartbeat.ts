import { heartbeatStale } from "#grading/clusters/compare-fleet.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Machines that fell silent. */
export function heartbeat(parts: FleetParts): Reconciler {
  return {
    name: "heartbeat",
    everyMs: parts.timings.every.heartbeat,
    pass: async () => {
      const heard = await parts.watch.look();
      const silent = (await parts.sweeps.working()).filter((cluster) =>
        heartbeatStale(cluster, parts.timings, heard),
      );
      await actOnEach(parts.log, "heartbeat", silent, async (cluster) => {
        const reason = "The machine stopped answering.";
        const { moved } = await parts.store.endCluster({
          clusterId: cluster.id,
          how: "drain",
          reason,
          onlyIf: (now) => heartbeatStale(now, parts.timings, heard),
        });
        if (moved) parts.log.warn({ clusterId: cluster.id }, reason);
      });
    },
  };
}
