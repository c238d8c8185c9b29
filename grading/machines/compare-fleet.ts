import type { Heard } from "./hearing.ts";
import { type MachineState, workingStates } from "./machine-state.ts";
import type { Instance } from "./provider.ts";
import type { FleetTimings } from "./timings.ts";

/** What a reconciler sees of a machine. */
export interface MachineSight {
  id: string;
  state: MachineState;
  instanceId: string | null;
  requestedAt: Date;
  bootingAt: Date | null;
  readyAt: Date | null;
  heartbeatAt: Date | null;
  leaseUntil: Date;
}

export function bootOverdue(
  machine: MachineSight,
  { bootTimeoutMs }: Pick<FleetTimings, "bootTimeoutMs">,
  heard: Heard,
): boolean {
  if (machine.state !== "requested" && machine.state !== "booting") return false;
  return quietFor([machine.requestedAt, machine.bootingAt], heard, bootTimeoutMs) > bootTimeoutMs;
}

export function heartbeatStale(
  machine: MachineSight,
  { heartbeatStaleMs }: Pick<FleetTimings, "heartbeatStaleMs">,
  heard: Heard,
): boolean {
  if (machine.state !== "ready" && machine.state !== "assigned") return false;
  return quietFor([machine.readyAt, machine.heartbeatAt], heard, heartbeatStaleMs) > heartbeatStaleMs;
}

export function leaseOver(machine: MachineSight, now: Date): boolean {
  return isWorking(machine.state) && now >= machine.leaseUntil;
}

/**
 * Whether its lease ended while this process could hear nobody, or too soon after that for a result to be reported:
 * what it had done by then could not be taken down. gapAt: see Hearing.
 */
export function cutOffByGap(
  machine: MachineSight,
  { reportAllowanceMs }: Pick<FleetTimings, "reportAllowanceMs">,
  gapAt: Date | null,
): boolean {
  if (gapAt === null || machine.requestedAt > gapAt) return false;
  return machine.leaseUntil.getTime() <= gapAt.getTime() + reportAllowanceMs;
}

/** Another provider's machine, which nobody here can ask about: its time is up, and it says nothing any more. */
export function foreignOver(
  machine: MachineSight,
  { heartbeatStaleMs }: Pick<FleetTimings, "heartbeatStaleMs">,
  heard: Heard,
): boolean {
  if (!leaseOver(machine, heard.now)) return false;
  return quietFor([machine.readyAt, machine.heartbeatAt], heard, heartbeatStaleMs) > heartbeatStaleMs;
}

/** A machine that is being ended and stays longer than it may. */
export function endingOverdue(
  machine: MachineSight & { drainingAt: Date | null },
  { drainPatienceMs }: Pick<FleetTimings, "drainPatienceMs">,
  heard: Heard,
): boolean {
  return quietFor([machine.requestedAt, machine.drainingAt], heard, drainPatienceMs) > drainPatienceMs;
}

export type MachineVerdict =
  /** The launch's reply was lost: the row learns its machine's name. */
  | { instance: Instance; act: "adopt" }
  | { instance: Instance; act: "terminate"; why: string }
  | { instance: Instance; act: "leave" };

/** machines must have been listed before the rows were read: a row is always written before its machine. */
export function judgeMachines(
  instances: Instance[],
  machines: Map<string, Pick<MachineSight, "state" | "instanceId">>,
  timings: Pick<FleetTimings, "orphanGraceMs">,
  now: Date,
): MachineVerdict[] {
  return instances.map((instance) => {
    if (instance.state === "gone") return { instance, act: "leave" };
    const machine = machines.get(instance.machineId);
    if (machine && machine.state !== "terminated") {
      return { instance, act: machine.instanceId === null ? "adopt" : "leave" };
    }
    // Further ahead than that it is from before the clock was set back.
    if (Math.abs(now.getTime() - instance.launchedAt.getTime()) <= timings.orphanGraceMs) {
      return { instance, act: "leave" };
    }
    const why = machine ? "its row is terminated" : "no row has its id";
    return { instance, act: "terminate", why };
  });
}

/**
 * Machines whose instance the provider does not know, or says has stopped. They must have been read before the machines
 * were listed: a row that names a machine is written after the launch. A machine that is missing from the list may be
 * too young to be listed; one that is listed as stopped is certain.
 */
export function findLost<Sight extends MachineSight>(
  instances: Instance[],
  machines: Sight[],
  { orphanGraceMs }: Pick<FleetTimings, "orphanGraceMs">,
  heard: Heard,
): Sight[] {
  const known = new Map(instances.map((instance) => [instance.instanceId, instance.state]));
  return machines.filter((machine) => {
    if (machine.instanceId === null || !isWorking(machine.state)) return false;
    const state = known.get(machine.instanceId);
    if (state === "stopped" || state === "gone") return true;
    if (state !== undefined) return false;
    return quietFor([machine.bootingAt, machine.requestedAt], heard, orphanGraceMs) > orphanGraceMs;
  });
}

/** A machine that called after it was looked for is there, whatever the provider said. */
export function calledSince(machine: MachineSight, lookedAt: Date): boolean {
  return machine.heartbeatAt !== null && machine.heartbeatAt > lookedAt;
}

function isWorking(state: MachineState): boolean {
  return (workingStates as readonly MachineState[]).includes(state);
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
