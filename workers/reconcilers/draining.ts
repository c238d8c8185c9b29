import type { ClusterSight } from "#grading/clusters/compare-fleet.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

type Ending = ClusterSight & { drainingAt: Date | null };

/**
 * Ends the machines of draining and lost clusters, then closes their rows. Machines end side by side: one that
 * hangs holds up no other, and one that fails is tried again at the next pass.
 */
export function draining(parts: FleetParts): Reconciler {
  const underWay = new Map<string, Promise<void>>();
  const begin = (cluster: Ending) => {
    const work = endMachine(parts, cluster)
      .catch((err: unknown) => {
        parts.log.error({ err, clusterId: cluster.id }, "A machine could not be ended; it is tried again.");
      })
      .then(() => void underWay.delete(cluster.id));
    underWay.set(cluster.id, work);
  };
  return {
    name: "draining",
    everyMs: parts.timings.every.draining,
    pass: async () => {
      for (const cluster of await parts.sweeps.ending()) {
        if (!underWay.has(cluster.id)) begin(cluster);
      }
    },
    settle: async () => {
      await Promise.all(underWay.values());
    },
  };
}

async function endMachine(parts: FleetParts, cluster: Ending): Promise<void> {
  const machineId = cluster.machineId ?? (await findMachine(parts, cluster.id));
  // A launch may still be under way whose machine is not listed yet.
  if (machineId === null && !graceIsOver(parts, cluster)) return;
  if (machineId !== null) await parts.provider.terminate(machineId);
  await parts.store.closeCluster(cluster.id);
  parts.log.info({ clusterId: cluster.id, machineId }, "The machine is terminated.");
}

async function findMachine(parts: FleetParts, clusterId: string): Promise<string | null> {
  const machines = await parts.provider.list(parts.installation);
  return machines.find((machine) => machine.clusterId === clusterId)?.machineId ?? null;
}

function graceIsOver(parts: FleetParts, cluster: Ending): boolean {
  const since = cluster.drainingAt ?? cluster.requestedAt;
  return parts.clock().getTime() - since.getTime() > parts.timings.orphanGraceMs;
}
