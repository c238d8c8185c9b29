import { FairQueue, type Holder, type WaitingRun } from "../runs/fair-queue.ts";

/** The places of the fleet, and who holds them. */
export interface FleetPlaces {
  /** Clusters that take a place: all that are not terminated, but for those that could not be ended for long. */
  live: number;
  /** Those of them that wait in the pool for a run. */
  idle: number;
  /** Claimed runs whose cluster has no row yet: their place is taken. */
  claimed: number;
}

export interface FleetDemand extends FleetPlaces {
  /** Machines at once. */
  fleetMax: number;
  /** Queued runs that can have a machine, in any order. */
  waiting: readonly WaitingRun[];
  /** Of the runs under way. */
  underWay: readonly Holder[];
}

/** Runs that may start now. Machines of the pool hold up nobody: a run takes one, or one gives way. */
export function roomFor({ fleetMax, live, idle, claimed }: FleetPlaces & { fleetMax: number }): number {
  return Math.max(0, fleetMax - (live - idle) - claimed);
}

/** Ids of the queued runs that start now: as many as there is room for, in the fair order, however their jobs came. */
export function planFleet(demand: FleetDemand): { start: string[]; room: number } {
  const room = roomFor(demand);
  const queue = new FairQueue(demand.waiting, demand.underWay);
  const start: string[] = [];
  while (start.length < room) {
    const run = queue.take();
    if (run === null) break;
    start.push(run.id);
  }
  return { start, room };
}
