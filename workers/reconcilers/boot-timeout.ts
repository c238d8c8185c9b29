import { bootOverdue } from "#grading/clusters/compare-fleet.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Machines that did not call in time. */
export function bootTimeout(parts: FleetParts): Reconciler {
  return {
    name: "boot-timeout",
    everyMs: parts.timings.every.bootTimeout,
    pass: async () => {
      const now = parts.clock();
      const overdue = (await parts.sweeps.working()).filter((cluster) =>
        bootOverdue(cluster, parts.timings, parts.since, now),
      );
      await actOnEach(parts.log, "boot-timeout", overdue, async (cluster) => {
        const reason = "The machine did not start in time.";
        await parts.store.endCluster({ clusterId: cluster.id, how: "drain", reason });
        parts.log.warn({ clusterId: cluster.id }, reason);
      });
    },
  };
}
