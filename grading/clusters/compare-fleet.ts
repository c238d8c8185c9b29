import { type ClusterState, workingStates } from "./cluster-state.ts";
import type { Heard } from "./hearing.ts";
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

export function bootOverdue(
  cluster: ClusterSight,
  { bootTimeoutMs }: Pick<FleetTimings, "bootTimeoutMs">,
  heard: Heard,
): boolean {
  if (cluster.state !== "requested" && cluster.state !== "booting") return false;
  return quietFor([cluster.requestedAt, cluster.bootingAt], heard, bootTimeoutMs) > bootTimeoutMs;
}

export function heartbeatStale(
  cluster: ClusterSight,
  { heartbeatStaleMs }: Pick<FleetTimings, "heartbeatStaleMs">,
  heard: Heard,
): boolean {
  if (cluster.state !== "ready" && cluster.state !== "assigned") return false;
  return quietFor([cluster.readyAt, cluster.heartbeatAt], heard, heartbeatStaleMs) > heartbeatStaleMs;
}

export function leaseOver(cluster: ClusterSight, now: Date): boolean {
  return isWorking(cluster.state) && now >= cluster.leaseUntil;
}

/**
 * Whether its lease ended while this process could hear nobody, or too soon after that for a result to be reported:
 * what it had done by then could not be taken down. gapAt: see Hearing.
 */
export function cutOffByGap(
  cluster: ClusterSight,
  { reportAllowanceMs }: Pick<FleetTimings, "reportAllowanceMs">,
  gapAt: Date | null,
): boolean {
  if (gapAt === null || cluster.requestedAt > gapAt) return false;
  return cluster.leaseUntil.getTime() <= gapAt.getTime() + reportAllowanceMs;
}

/** Another provider's machine, which nobody here can ask about: its time is up, and it says nothing any more. */
export function foreignOver(
  cluster: ClusterSight,
  { heartbeatStaleMs }: Pick<FleetTimings, "heartbeatStaleMs">,
  heard: Heard,
): boolean {
  if (!leaseOver(cluster, heard.now)) return false;
  return quietFor([cluster.readyAt, cluster.heartbeatAt], heard, heartbeatStaleMs) > heartbeatStaleMs;
}

/** A machine that is being ended and stays longer than it may. */
export function endingOverdue(
  cluster: ClusterSight & { drainingAt: Date | null },
  { drainPatienceMs }: Pick<FleetTimings, "drainPatienceMs">,
  heard: Heard,
): boolean {
  return quietFor([cluster.requestedAt, cluster.drainingAt], heard, drainPatienceMs) > drainPatienceMs;
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
    // Further ahead than that it is from before the clock was set back.
    if (Math.abs(now.getTime() - machine.launchedAt.getTime()) <= timings.orphanGraceMs) {
      return { machine, act: "leave" };
    }
    const why = cluster ? "its cluster is terminated" : "no cluster has its id";
    return { machine, act: "terminate", why };
  });
}

/**
 * Clusters whose machine the provider does not know, or says has stopped. They must have been read before the machines
 * were listed: a row that names a machine is written after the launch. A machine that is missing from the list may be
 * too young to be listed; one that is listed as stopped is certain.
 */
export function findLost<Sight extends ClusterSight>(
  machines: Machine[],
  clusters: Sight[],
  { orphanGraceMs }: Pick<FleetTimings, "orphanGraceMs">,
  heard: Heard,
): Sight[] {
  const known = new Map(machines.map((machine) => [machine.machineId, machine.state]));
  return clusters.filter((cluster) => {
    if (cluster.machineId === null || !isWorking(cluster.state)) return false;
    const state = known.get(cluster.machineId);
    if (state === "stopped" || state === "gone") return true;
    if (state !== undefined) return false;
    return quietFor([cluster.bootingAt, cluster.requestedAt], heard, orphanGraceMs) > orphanGraceMs;
  });
}

/** A machine that called after it was looked for is there, whatever the provider said. */
export function calledSince(cluster: ClusterSight, lookedAt: Date): boolean {
  return cluster.heartbeatAt !== null && cluster.heartbeatAt > lookedAt;
}

function isWorking(state: ClusterState): boolean {
  return (workingStates as readonly ClusterState[]).includes(state);
}

/**
 * Milliseconds since the last of these instants, counted from when machines could be heard. One that lies further
 * ahead than the limit is from before the clock was set back, and says nothing.
 */
function quietFor(signs: (Date | null)[], { now, since }: Heard, limitMs: number): number {
  const known = signs
    .filter((sign) => sign !== null)
    .map((sign) => sign.getTime())
    .filter((sign) => sign - now.getTime() <= limitMs);
  return now.getTime() - Math.max(since.getTime(), ...known);
}
