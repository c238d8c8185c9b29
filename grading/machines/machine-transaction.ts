import type { LedgerEntry } from "#course/cost/bill.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { FleetWakes } from "./fleet-wakes.ts";
import type { MachineKind } from "./machine-kind.ts";
import type { MachineState, MachineStatus } from "./machine-state.ts";
import type { Market } from "./provider.ts";

/** A machine as its rules see it. */
export interface MachineRow {
  id: string;
  provider: string;
  machineKind: MachineKind;
  usdPerHour: number;
  /** Of that what is charged even for an instance that its provider takes back; nothing where it is not named. */
  besidesUsdPerHour?: number;
  heartbeatAt: Date | null;
  /** A machine of the pool: of how many nodes its Kubernetes is. */
  poolNodes: number | null;
  /** The attempt that it works for; null as long as it waits in the pool. */
  run: Attempt | null;
  status: MachineStatus;
}

/**
 * Columns that may be set in the same update as a transition: the two secrets of the agent, the run that takes it, what
 * the instance is made of and costs, and what tells one jump of the clock from the next.
 */
export interface MachineOthers {
  tokenHash?: string | null;
  sessionHash?: string;
  runId?: string;
  runAttempt?: number;
  jumpedAt?: Date;
  instanceType?: string;
  zone?: string;
  market?: Market;
  usdPerHour?: number;
}

/** What it cost, dollars, and of that in the pool; with it its token is forgotten. */
export interface MachineCost extends Pick<MachineOthers, "tokenHash"> {
  costUsd: number;
  poolCostUsd: number;
}

/** What moving a machine needs of a transaction. */
export interface MachineTransaction {
  readonly now: Date;
  /** The row, until the transaction ends; see lockOrder. Nothing where there is none. */
  lockMachine(machineId: string): Promise<void>;
  readMachine(machineId: string): Promise<MachineRow | null>;
  /** Compare and set: false when the machine is not in this state. */
  saveMachine(
    machine: { id: string; state: MachineState },
    change: MachineStatus & MachineOthers,
  ): Promise<boolean>;
  /** entries: for whom; they go into the ledger once, with the machine's end. */
  saveCost(machineId: string, cost: MachineCost, entries: readonly LedgerEntry[]): Promise<void>;
  /** What is looked at once the transaction is committed. */
  after(wake: keyof FleetWakes): void;
}
