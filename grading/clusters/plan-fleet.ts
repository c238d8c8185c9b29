export interface FleetDemand {
  /** Machines at once. */
  fleetMax: number;
  /** Clusters that take a place: all that are not terminated, but for those that could not be ended for long. */
  live: number;
  /** Those of them that wait in the pool for a run. */
  idle: number;
  /** Claimed runs whose cluster has no row yet: their place is taken. */
  claimed: number;
  /** Ids of queued runs, oldest first. */
  queued: string[];
}

/**
 * Which queued runs may start now: the oldest, as many as there is room for. A younger run never overtakes,
 * however its job came first. Machines of the pool hold up nobody: a run takes one, or one gives way.
 */
export function planFleet(demand: FleetDemand): { start: string[]; room: number } {
  const room = Math.max(0, demand.fleetMax - (demand.live - demand.idle) - demand.claimed);
  return { start: demand.queued.slice(0, room), room };
}
