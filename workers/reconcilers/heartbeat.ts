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
      const now = parts.clock();
      const overdue = (await parts.sweeps.working()).filter((cluster) =>
        heartbeatStale(cluster, parts.timings, parts.since, now),
      );
      await actOnEach(parts.log, "heartbeat", overdue, async (cluster) => {
        const reason = "The machine stopped answering.";
        await parts.store.endCluster({ clusterId: cluster.id, how: "drain", reason });
        parts.log.warn({ clusterId: cluster.id }, reason);
      });
    },
  };
}
