import { type ClusterSight, endingOverdue } from "#grading/clusters/compare-fleet.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

type Ending = ClusterSight & { drainingAt: Date | null };

/**
 * Ends the machines of draining and lost clusters, then closes their rows; a row in these states never goes back.
 * Machines end side by side: one that hangs holds up no other, and one that fails is tried again at the next pass, for
 * ever. Of one that stays longer than it may staff are told; it takes no place in the fleet any more.
 */
export function draining(parts: FleetParts): Reconciler {
  const underWay = new Map<string, Promise<void>>();
  const told = new Set<string>();
  const begin = (cluster: Ending) => {
    const work = endMachine(parts, cluster)
      .catch((err: unknown) => {
        parts.log.error({ err, clusterId: cluster.id }, "A machine could not be ended; it is tried again.");
      })
      .then(() => void underWay.delete(cluster.id));
    underWay.set(cluster.id, work);
  };
  const tellOfStuck = async (ending: Ending[]) => {
    const heard = await parts.watch.look();
    for (const cluster of ending) {
      if (told.has(cluster.id) || !endingOverdue(cluster, parts.timings, heard)) continue;
      await parts.store.tellStaff(stays(parts, cluster));
      told.add(cluster.id);
    }
  };
  return {
    name: "draining",
    everyMs: parts.timings.every.draining,
    pass: async () => {
      const ending = await parts.sweeps.ending();
      for (const cluster of ending) if (!underWay.has(cluster.id)) begin(cluster);
      await tellOfStuck(ending);
    },
    settle: async () => {
      await Promise.all(underWay.values());
    },
  };
}

function stays({ provider, timings }: FleetParts, { id, machineId }: Ending) {
  const minutes = Math.round(timings.drainPatienceMs / 60_000);
  return {
    action: "fleet.machine-stays",
    subject: `cluster:${id}`,
    reason: `The machine ${machineId ?? id} could not be ended within ${minutes} minutes: end it at ${provider.name} by hand. Drydock goes on trying and starts others in its place.`,
  } as const;
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
  // Either way: the clock may have been set back since.
  return Math.abs(parts.clock().getTime() - since.getTime()) > parts.timings.orphanGraceMs;
}
