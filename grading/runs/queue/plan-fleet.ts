import { fitsRun, type IdleMachine, type MachineWish } from "../../machines/plan-pool.ts";
import { FairQueue, type Holder, type WaitingRun } from "./fair-queue.ts";

/** The places of the fleet, and who holds them. */
export interface FleetPlaces {
  /** Machines that take a place: all that are not terminated, but for those that could not be ended for long. */
  live: number;
  /** Those of them that wait in the pool for a run. */
  idle: number;
  /** Claimed runs whose machine has no row yet: their place is taken. */
  claimed: number;
}

export interface Candidate extends WaitingRun {
  /** Set where no new machine can be asked for: only one of the pool like this will do. */
  onlyIdle: MachineWish | null;
}

export interface FleetDemand extends FleetPlaces {
  /** Machines at once. */
  fleetMax: number;
  /** Queued runs, in any order. */
  waiting: readonly Candidate[];
  /** Machines of the pool for those that can have no other, in the order in which they are taken. */
  machines: readonly IdleMachine[];
  /** Of the runs under way. */
  underWay: readonly Holder[];
}

/** Runs that may start now. Machines of the pool hold up nobody: a run takes one, or one gives way. */
export function roomFor({ fleetMax, live, idle, claimed }: FleetPlaces & { fleetMax: number }): number {
  return Math.max(0, fleetMax - (live - idle) - claimed);
}

/**
 * Ids of the queued runs that start now: as many as there is room for, in the fair order, however their jobs came. One
 * that no machine can be had for keeps no place from another.
 */
export function planFleet(demand: FleetDemand): { start: string[]; room: number } {
  const room = roomFor(demand);
  const queue = new FairQueue(demand.waiting, demand.underWay);
  const machines = [...demand.machines];
  const machineFor = ({ onlyIdle }: Candidate) =>
    onlyIdle === null ? -1 : machines.findIndex((machine) => fitsRun(machine, onlyIdle));
  const start: string[] = [];
  while (start.length < room) {
    const run = queue.take((one) => one.onlyIdle === null || machineFor(one) !== -1);
    if (run === null) break;
    if (run.onlyIdle !== null) machines.splice(machineFor(run), 1);
    start.push(run.id);
  }
  return { start, room };
}
