import { heartbeatStale } from "#grading/clusters/compare-fleet.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Machines that fell silent. */
export function heartbeat(parts: FleetParts): Reconciler {
  return {
    name: "heartbeat",
    everyMs: parts.timings.every.heartbeat,
    pass: async () => {
      const now = parts.clock();
      for (const cluster of await parts.sweeps.working()) {
        if (!heartbeatStale(cluster, parts.timings, parts.since, now)) continue;
        const reason = "The machine stopped answering.";
        await parts.store.endCluster({ clusterId: cluster.id, how: "drain", reason });
        parts.log.warn({ clusterId: cluster.id }, reason);
      }
    },
  };
}
