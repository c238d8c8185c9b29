import {
  type MachineEffect,
  type MachineEvent,
  type MachineStatus,
  type MachineTransition,
  workingStates,
} from "./machine-state.ts";

/**
 * The one place that decides a machine's state. Pure: the store applies the result with a compare-and-set on
 * the state. terminated is the only final state; a lost machine is ended like a draining one, because its
 * disks and networks may be left.
 */
export function transitionMachine(machine: MachineStatus, event: MachineEvent, now: Date): MachineTransition {
  if (machine.state === "terminated") return ended(event);
  switch (event.type) {
    case "launched":
      return launched(machine, event, now);
    case "session-opened":
      return sessionOpened(machine, now);
    case "warmed":
      return warmed(machine, now);
    case "taken":
      return taken(machine, event, now);
    case "assigned":
      return assigned(machine, now);
    case "clock-jumped":
      return clockJumped(machine, event);
    case "drain":
    case "lost":
      return end(machine, event, now);
    case "terminated":
      return terminated(machine, now);
  }
}

function launched(machine: MachineStatus, event: { instanceId: string }, now: Date): MachineTransition {
  if (machine.instanceId === event.instanceId) return ignored("The launch is known already.");
  if (machine.instanceId !== null)
    return refused(`The machine has the instance ${machine.instanceId} already.`);
  if (machine.state === "draining" || machine.state === "lost") {
    // The name is kept so that the machine can be ended; the work is over.
    const bootingAt = machine.bootingAt ?? now;
    return moved(machine, { instanceId: event.instanceId, bootingAt }, [{ type: "terminate-machine" }]);
  }
  // A fast agent opens its session before the launch has returned, or the launch's reply was lost.
  const state = machine.state === "requested" ? "booting" : machine.state;
  const bootingAt = machine.state === "requested" ? now : machine.bootingAt;
  return moved(machine, { state, instanceId: event.instanceId, bootingAt }, []);
}

function sessionOpened(machine: MachineStatus, now: Date): MachineTransition {
  if (machine.state !== "booting" && machine.state !== "requested") {
    return refused(`A machine that is ${machine.state} opens no session.`);
  }
  if (now >= machine.leaseUntil) return refused("The machine's lease is over.");
  const bootingAt = machine.bootingAt ?? machine.requestedAt;
  return moved(machine, { state: "ready", bootingAt, readyAt: now }, []);
}

function warmed(machine: MachineStatus, now: Date): MachineTransition {
  if (machine.warmAt !== null) return ignored("The machine is warm already.");
  if (machine.state !== "ready") return refused(`A machine that is ${machine.state} does not warm up.`);
  return moved(machine, { warmAt: now }, []);
}

/** A machine that still starts is taken too: it is ahead of a new one. */
function taken(machine: MachineStatus, event: { leaseUntil: Date }, now: Date): MachineTransition {
  if (machine.takenAt !== null) return refused("The machine was taken already.");
  if (!isWorking(machine) || machine.state === "assigned") {
    return refused(`A machine that is ${machine.state} is not taken.`);
  }
  if (event.leaseUntil > machine.leaseUntil) return refused("The machine's lease is too short for the run.");
  if (now >= event.leaseUntil) return refused("The run's lease would be over.");
  return moved(machine, { takenAt: now, leaseUntil: event.leaseUntil }, []);
}

function assigned(machine: MachineStatus, now: Date): MachineTransition {
  if (machine.state === "assigned") return ignored("The machine has its run already.");
  if (machine.state !== "ready") return refused(`A machine that is ${machine.state} takes no run.`);
  if (now >= machine.leaseUntil) return refused("The machine's lease is over.");
  return moved(machine, { state: "assigned", assignedAt: now }, []);
}

function clockJumped(machine: MachineStatus, { byMs }: { byMs: number }): MachineTransition {
  if (byMs <= 0) return refused("A lease is not extended when the clock is set back.");
  if (!isWorking(machine)) return ignored("The machine is being ended; its lease does not matter any more.");
  return moved(machine, { leaseUntil: new Date(machine.leaseUntil.getTime() + byMs) }, []);
}

function end(
  machine: MachineStatus,
  event: MachineEvent & { type: "drain" | "lost" },
  now: Date,
): MachineTransition {
  if (machine.state === "draining" || machine.state === "lost") {
    return ignored("The machine is being ended already.");
  }
  const how =
    event.type === "drain"
      ? ({ state: "draining", endCode: event.code } as const)
      : ({ state: "lost", endCode: event.takenBack === true ? "interrupted" : "lost" } as const);
  return moved(machine, { ...how, drainingAt: now, endReason: event.reason }, [
    { type: "terminate-machine" },
  ]);
}

function terminated(machine: MachineStatus, now: Date): MachineTransition {
  if (machine.state !== "draining" && machine.state !== "lost") {
    return refused(`A machine that is ${machine.state} must be drained before it is terminated.`);
  }
  const until = machine.state === "lost" ? (machine.drainingAt ?? now) : now;
  const billedUntil = latestOf(machine, until);
  const from = costsFrom(machine);
  const seconds = secondsBetween(from, billedUntil);
  const poolSeconds = machine.takenAt === null ? 0 : Math.min(seconds, secondsBetween(from, machine.takenAt));
  return moved(machine, { state: "terminated", terminatedAt: now }, [
    { type: "book-cost", seconds, poolSeconds },
  ]);
}

/** From the request, where there was a machine: rather too much than too little. null: there was none. */
export function costsFrom({
  bootingAt,
  requestedAt,
}: Pick<MachineStatus, "bootingAt" | "requestedAt">): Date | null {
  return bootingAt === null ? null : requestedAt;
}

function isWorking(machine: MachineStatus): boolean {
  return (workingStates as readonly string[]).includes(machine.state);
}

/** A clock that was set back takes nothing off what was seen of the machine before. */
function latestOf(machine: MachineStatus, until: Date): Date {
  const { readyAt, warmAt, takenAt, assignedAt, drainingAt } = machine;
  const seen = [readyAt, warmAt, takenAt, assignedAt, drainingAt].filter((at) => at !== null);
  return new Date(Math.max(until.getTime(), ...seen.map((at) => at.getTime())));
}

/** 0 when there never was a machine. */
function secondsBetween(from: Date | null, until: Date): number {
  return from === null ? 0 : Math.max(0, (until.getTime() - from.getTime()) / 1000);
}

function ended(event: MachineEvent): MachineTransition {
  const harmless = event.type === "drain" || event.type === "lost" || event.type === "terminated";
  return harmless ? ignored("The machine is terminated already.") : refused("The machine is terminated.");
}

function moved(
  machine: MachineStatus,
  change: Partial<MachineStatus>,
  effects: MachineEffect[],
): MachineTransition {
  return { outcome: "moved", state: { ...machine, ...change }, effects };
}

const ignored = (why: string): MachineTransition => ({ outcome: "ignored", why });
const refused = (why: string): MachineTransition => ({ outcome: "refused", why });
