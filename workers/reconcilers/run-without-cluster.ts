import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Runs under way that no cluster works on: their worker died between the claim and the cluster's row. */
export function runWithoutCluster(parts: FleetParts): Reconciler {
  return {
    name: "run-without-cluster",
    everyMs: parts.timings.every.runWithoutCluster,
    pass: async () => {
      const before = new Date(parts.clock().getTime() - parts.timings.claimTimeoutMs);
      const stranded = await parts.sweeps.runsWithoutCluster(before);
      await actOnEach(parts.log, "run-without-cluster", stranded, async (run) => {
        const reason = "Drydock was restarted while it prepared the machine.";
        const { moved } = await parts.store.takeBack(run, reason);
        if (moved) parts.log.warn(run, "A run without a cluster went back to the queue.");
      });
    },
  };
}
