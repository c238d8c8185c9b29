export const machineStates = [
  "requested",
  "booting",
  "ready",
  "assigned",
  "draining",
  "terminated",
  "lost",
] as const;
export type MachineState = (typeof machineStates)[number];

/** States of a machine that may still do its work. */
export const workingStates = ["requested", "booting", "ready", "assigned"] as const satisfies MachineState[];
/** States in which the machine has to be ended. */
export const endingStates = ["draining", "lost"] as const satisfies MachineState[];

/** Why a machine ended, for rules; the sentence beside it is for people. */
export const endCodes = [
  /** Its run needs it no more: reported, cancelled, or back in the queue. */
  "run_over",
  /** The provider did not launch its machine. */
  "not_launched",
  /** The machine failed: silent, too slow, or out of its time. */
  "failed",
  /** The provider does not know the machine any more. */
  "lost",
  /** The provider takes the machine back, or will sooner than others. */
  "interrupted",
  /** Staff ended it. */
  "by_staff",
  /** A machine of the pool that was sent away without a run; see poolReasons. */
  "other_nodes",
  "too_old",
  "too_many",
  "made_room",
  "stopped",
] as const;
export type EndCode = (typeof endCodes)[number];

/** Of a machine that had a run and ended for something else than that run's end: the run is graded anew. */
export const platformEnds = [
  "failed",
  "lost",
  "interrupted",
  "by_staff",
  "stopped",
] as const satisfies EndCode[];

/** The columns of a machine that only transitionMachine decides. */
export interface MachineStatus {
  state: MachineState;
  /** The provider's own name of the machine; null until the launch returned. */
  instanceId: string | null;
  requestedAt: Date;
  /**
   * Set when the machine was requested; taking the machine from the pool may shorten it. No machine and no run extends
   * it: only when the clock itself jumps ahead, it moves along.
   */
  leaseUntil: Date;
  /** When its machine became known, and with it the time to boot began. A slow provider has taken its own time before. */
  bootingAt: Date | null;
  readyAt: Date | null;
  /** Machines of the pool: when their Kubernetes stood. */
  warmAt: Date | null;
  /** Machines of the pool: when a run took it. */
  takenAt: Date | null;
  assignedAt: Date | null;
  /** When its work ended, or when it was found lost. */
  drainingAt: Date | null;
  terminatedAt: Date | null;
  endReason: string | null;
  /** null as long as it has not ended. */
  endCode: EndCode | null;
}

export type MachineEvent =
  /** The provider has answered, or its machine was found. */
  | { type: "launched"; instanceId: string }
  | { type: "session-opened" }
  /** The Kubernetes that a machine of the pool starts before it has a run stands. */
  | { type: "warmed" }
  /** A run takes a machine of the pool; leaseUntil is what a machine made for that run would get. */
  | { type: "taken"; leaseUntil: Date }
  | { type: "assigned" }
  /** The clock was set ahead, or the computer slept: the same span of the lease is left as before. */
  | { type: "clock-jumped"; byMs: number }
  | { type: "drain"; code: EndCode; reason: string }
  /** The provider does not know the machine any more, or says that it stopped; takenBack: for its own sake. */
  | { type: "lost"; reason: string; takenBack?: boolean }
  /** The provider confirmed that nothing of the machine is left. */
  | { type: "terminated" };

export type MachineEffect =
  | { type: "terminate-machine" }
  /** seconds the machine existed, for the bill; poolSeconds of them before a run took it. */
  | { type: "book-cost"; seconds: number; poolSeconds: number };

export type MachineTransition =
  | { outcome: "moved"; state: MachineStatus; effects: MachineEffect[] }
  | { outcome: "ignored"; why: string }
  | { outcome: "refused"; why: string };
