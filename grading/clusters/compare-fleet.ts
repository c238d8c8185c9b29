import { type ClusterState, workingStates } from "./cluster-state.ts";
import type { Machine } from "./provider.ts";
import type { FleetTimings } from "./timings.ts";

/** What a reconciler sees of a cluster. */
export interface ClusterSight {
  id: string;
  state: ClusterState;
  machineId: string | null;
  requestedAt: Date;
  bootingAt: Date | null;
  readyAt: Date | null;
  heartbeatAt: Date | null;
  leaseUntil: Date;
}

/**
 * since: when this process began to watch. While no worker was up, agents could not be heard, so silence
 * before that instant proves nothing.
 */
export function bootOverdue(
  cluster: ClusterSight,
  timings: Pick<FleetTimings, "bootTimeoutMs">,
  since: Date,
  now: Date,
): boolean {
  if (cluster.state !== "requested" && cluster.state !== "booting") return false;
  return now.getTime() - latest(cluster.requestedAt, cluster.bootingAt, since) > timings.bootTimeoutMs;
}

export function heartbeatStale(
  cluster: ClusterSight,
  timings: Pick<FleetTimings, "heartbeatStaleMs">,
  since: Date,
  now: Date,
): boolean {
  if (cluster.state !== "ready" && cluster.state !== "assigned") return false;
  return now.getTime() - latest(cluster.readyAt, cluster.heartbeatAt, since) > timings.heartbeatStaleMs;
}

export function leaseOver(cluster: ClusterSight, now: Date): boolean {
  return isWorking(cluster.state) && now >= cluster.leaseUntil;
}

export type MachineVerdict =
  /** The launch's reply was lost: the row learns its machine's name. */
  | { machine: Machine; act: "adopt" }
  | { machine: Machine; act: "terminate"; why: string }
  | { machine: Machine; act: "leave" };

/** machines must have been listed before the rows were read: a row is always written before its machine. */
export function judgeMachines(
  machines: Machine[],
  clusters: Map<string, Pick<ClusterSight, "state" | "machineId">>,
  timings: Pick<FleetTimings, "orphanGraceMs">,
  now: Date,
): MachineVerdict[] {
  return machines.map((machine) => {
    if (machine.state === "gone") return { machine, act: "leave" };
    const cluster = clusters.get(machine.clusterId);
    if (cluster && cluster.state !== "terminated") {
      return { machine, act: cluster.machineId === null ? "adopt" : "leave" };
    }
    if (now.getTime() - machine.launchedAt.getTime() <= timings.orphanGraceMs) {
      return { machine, act: "leave" };
    }
    const why = cluster ? "its cluster is terminated" : "no cluster has its id";
    return { machine, act: "terminate", why };
  });
}

/**
 * Clusters whose machine the provider does not know, or says has stopped. A machine that is missing from the
 * list may be too young to be listed; one that is listed as stopped is certain.
 */
export function findLost<Sight extends ClusterSight>(
  machines: Machine[],
  clusters: Sight[],
  timings: Pick<FleetTimings, "orphanGraceMs">,
  now: Date,
): Sight[] {
  const known = new Map(machines.map((machine) => [machine.machineId, machine.state]));
  return clusters.filter((cluster) => {
    if (cluster.machineId === null || !isWorking(cluster.state)) return false;
    const state = known.get(cluster.machineId);
    if (state === "stopped" || state === "gone") return true;
    if (state !== undefined) return false;
    return now.getTime() - latest(cluster.bootingAt, cluster.requestedAt) > timings.orphanGraceMs;
  });
}

function isWorking(state: ClusterState): boolean {
  return (workingStates as readonly ClusterState[]).includes(state);
}

function latest(...dates: (Date | null)[]): number {
  return Math.max(...dates.map((date) => date?.getTime() ?? 0));
}
