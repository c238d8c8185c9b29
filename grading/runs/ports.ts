import type { LaunchPorts, NewMachine } from "../machines/launching/launcher.ts";
import type { WaitingForMarket } from "../machines/launching/near-deadline.ts";
import type { MachineImages } from "../machines/machine-images.ts";
import type { MachineKind } from "../machines/machine-kind.ts";
import type { Market } from "../machines/provider.ts";
import type { Attempt } from "../protocol/attempt.ts";

export type ClaimOutcome =
  /** machineKind and market: of the machine to be launched. */
  | {
      outcome: "claimed";
      attempt: number;
      machineKind: MachineKind;
      leaseUntil: Date;
      market: Market;
      /** What it is launched at most for, which is held for it; null: whoever claims knows no price. */
      usdPerHour: number | null;
    }
  /** It could be claimed if the price of its machine were known; nothing was changed. */
  | { outcome: "unpriced"; machineKind: MachineKind; market: Market }
  /** It was claimed and has a machine of the pool: nothing has to be launched. */
  | { outcome: "taken"; machineId: string }
  /** No room, or an older run comes first; the sweep offers it again. */
  | { outcome: "waiting"; why: string }
  /** Its exercise cannot be read: the run has ended, and staff are told. why: for the log. */
  | { outcome: "not-gradable"; why: string }
  /** Not queued any more, or unknown. */
  | { outcome: "not-queued"; why: string };

/** Which runs can have a machine now. */
export interface StartLimits {
  /** Of which new machines can be asked for; a run of another waits, unless a machine of the pool fits it. */
  machineKinds: MachineKind[];
  /** No run can have a machine, not even one of the pool: none could fetch what it would grade. */
  filesAway?: boolean;
  /** Runs that may have a machine on demand of these kinds, which spot lacks; without it none. */
  onDemand?: { machineKinds: MachineKind[]; isNear(run: WaitingForMarket): boolean };
  /** Until when a machine of this kind must live that grades such an exercise from now on. */
  leaseOf(exercise: { timeoutSeconds: number; machineKind: MachineKind }): Date;
  /**
   * The most that a machine of this kind costs there, USD an hour, asked for lately; null: ask first. Without it no price is
   * known to anybody, which only does where there are no limits of money.
   */
  usdPerHourOf?(machineKind: MachineKind, market: Market): number | null;
}

export interface ClaimLimits extends StartLimits {
  fleetMax: number;
  worker: string;
}

/** What starting runs needs from the database. Each method is one transaction. */
export interface StartStore extends Pick<LaunchPorts, "recordLaunch" | "tellStaff"> {
  /**
   * Claims the run when it is its turn and there is room, under the fleet's lock, and gives it a machine of the pool
   * where one fits.
   */
  claimRun(runId: string, limits: ClaimLimits): Promise<ClaimOutcome>;
  /** Writes the machine's row and moves the run to provisioning; false when the run is no longer this claim's. */
  requestMachine(run: Attempt, machine: NewMachine): Promise<boolean>;
  /** The run goes back to the queue uncharged; the machine, if any, is closed: it was never launched. */
  giveBack(run: Attempt, machineId: string | null, reason: string): Promise<void>;
}

export interface StartRunPorts {
  store: StartStore;
  images: Pick<MachineImages, "ready">;
}
