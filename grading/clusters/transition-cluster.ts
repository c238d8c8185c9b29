import {
  type ClusterEffect,
  type ClusterEvent,
  type ClusterStatus,
  type ClusterTransition,
  workingStates,
} from "./cluster-state.ts";

/**
 * The one place that decides a cluster's state. Pure: the store applies the result with a compare-and-set on
 * the state. terminated is the only final state; a lost machine is ended like a draining one, because its
 * disks and networks may be left.
 */
export function transitionCluster(cluster: ClusterStatus, event: ClusterEvent, now: Date): ClusterTransition {
  if (cluster.state === "terminated") return ended(event);
  switch (event.type) {
    case "launched":
      return launched(cluster, event, now);
    case "session-opened":
      return sessionOpened(cluster, now);
    case "warmed":
      return warmed(cluster, now);
    case "taken":
      return taken(cluster, event, now);
    case "assigned":
      return assigned(cluster, now);
    case "clock-jumped":
      return clockJumped(cluster, event);
    case "drain":
    case "lost":
      return end(cluster, event, now);
    case "terminated":
      return terminated(cluster, now);
  }
}

function launched(cluster: ClusterStatus, event: { machineId: string }, now: Date): ClusterTransition {
  if (cluster.machineId === event.machineId) return ignored("The launch is known already.");
  if (cluster.machineId !== null) return refused(`The cluster has the machine ${cluster.machineId} already.`);
  if (cluster.state === "draining" || cluster.state === "lost") {
    // The name is kept so that the machine can be ended; the work is over.
    const bootingAt = cluster.bootingAt ?? now;
    return moved(cluster, { machineId: event.machineId, bootingAt }, [{ type: "terminate-machine" }]);
  }
  // A fast agent opens its session before the launch has returned, or the launch's reply was lost.
  const state = cluster.state === "requested" ? "booting" : cluster.state;
  const bootingAt = cluster.state === "requested" ? now : cluster.bootingAt;
  return moved(cluster, { state, machineId: event.machineId, bootingAt }, []);
}

function sessionOpened(cluster: ClusterStatus, now: Date): ClusterTransition {
  if (cluster.state !== "booting" && cluster.state !== "requested") {
    return refused(`A cluster that is ${cluster.state} opens no session.`);
  }
  if (now >= cluster.leaseUntil) return refused("The cluster's lease is over.");
  const bootingAt = cluster.bootingAt ?? cluster.requestedAt;
  return moved(cluster, { state: "ready", bootingAt, readyAt: now }, []);
}

function warmed(cluster: ClusterStatus, now: Date): ClusterTransition {
  if (cluster.warmAt !== null) return ignored("The cluster is warm already.");
  if (cluster.state !== "ready") return refused(`A cluster that is ${cluster.state} does not warm up.`);
  return moved(cluster, { warmAt: now }, []);
}

/** A machine that still starts is taken too: it is ahead of a new one. */
function taken(cluster: ClusterStatus, event: { leaseUntil: Date }, now: Date): ClusterTransition {
  if (cluster.takenAt !== null) return refused("The cluster was taken already.");
  if (!isWorking(cluster) || cluster.state === "assigned") {
    return refused(`A cluster that is ${cluster.state} is not taken.`);
  }
  if (event.leaseUntil > cluster.leaseUntil) return refused("The cluster's lease is too short for the run.");
  if (now >= event.leaseUntil) return refused("The run's lease would be over.");
  return moved(cluster, { takenAt: now, leaseUntil: event.leaseUntil }, []);
}

function assigned(cluster: ClusterStatus, now: Date): ClusterTransition {
  if (cluster.state === "assigned") return ignored("The cluster has its run already.");
  if (cluster.state !== "ready") return refused(`A cluster that is ${cluster.state} takes no run.`);
  if (now >= cluster.leaseUntil) return refused("The cluster's lease is over.");
  return moved(cluster, { state: "assigned", assignedAt: now }, []);
}

function clockJumped(cluster: ClusterStatus, { byMs }: { byMs: number }): ClusterTransition {
  if (byMs <= 0) return refused("A lease is not extended when the clock is set back.");
  if (!isWorking(cluster)) return ignored("The cluster is being ended; its lease does not matter any more.");
  return moved(cluster, { leaseUntil: new Date(cluster.leaseUntil.getTime() + byMs) }, []);
}

function end(
  cluster: ClusterStatus,
  event: ClusterEvent & { type: "drain" | "lost" },
  now: Date,
): ClusterTransition {
  if (cluster.state === "draining" || cluster.state === "lost") {
    return ignored("The cluster is being ended already.");
  }
  const how =
    event.type === "drain"
      ? ({ state: "draining", endCode: event.code } as const)
      : ({ state: "lost", endCode: "lost" } as const);
  return moved(cluster, { ...how, drainingAt: now, endReason: event.reason }, [
    { type: "terminate-machine" },
  ]);
}

function terminated(cluster: ClusterStatus, now: Date): ClusterTransition {
  if (cluster.state !== "draining" && cluster.state !== "lost") {
    return refused(`A cluster that is ${cluster.state} must be drained before it is terminated.`);
  }
  const billedUntil = cluster.state === "lost" ? (cluster.drainingAt ?? now) : now;
  const from = costsFrom(cluster);
  const seconds = secondsBetween(from, billedUntil);
  const poolSeconds = cluster.takenAt === null ? 0 : Math.min(seconds, secondsBetween(from, cluster.takenAt));
  return moved(cluster, { state: "terminated", terminatedAt: now }, [
    { type: "book-cost", seconds, poolSeconds },
  ]);
}

/** From the request, where there was a machine: rather too much than too little. null: there was none. */
export function costsFrom({
  bootingAt,
  requestedAt,
}: Pick<ClusterStatus, "bootingAt" | "requestedAt">): Date | null {
  return bootingAt === null ? null : requestedAt;
}

function isWorking(cluster: ClusterStatus): boolean {
  return (workingStates as readonly string[]).includes(cluster.state);
}

/** 0 when there never was a machine. */
function secondsBetween(from: Date | null, until: Date): number {
  return from === null ? 0 : Math.max(0, (until.getTime() - from.getTime()) / 1000);
}

function ended(event: ClusterEvent): ClusterTransition {
  const harmless = event.type === "drain" || event.type === "lost" || event.type === "terminated";
  return harmless ? ignored("The cluster is terminated already.") : refused("The cluster is terminated.");
}

function moved(
  cluster: ClusterStatus,
  change: Partial<ClusterStatus>,
  effects: ClusterEffect[],
): ClusterTransition {
  return { outcome: "moved", state: { ...cluster, ...change }, effects };
}

const ignored = (why: string): ClusterTransition => ({ outcome: "ignored", why });
const refused = (why: string): ClusterTransition => ({ outcome: "refused", why });
