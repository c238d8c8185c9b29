import type { Attempt } from "#grading/protocol/attempt.ts";
import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import type { MachineState } from "../machine-state.ts";

export interface MachineFilter {
  provider: string;
  states: readonly MachineState[];
  requestedBefore: Date;
  /** Those whose last jump of the clock lies after this are left out. */
  jumpedUntil: Date;
}

/** What ending machines needs of its transaction besides. */
export interface EndTransaction extends FleetTransaction {
  /** Machines of this attempt in one of these states. */
  countMachines(run: Attempt, states: readonly MachineState[]): Promise<number>;
  /** Their ids, in the order of ids. */
  findMachines(filter: MachineFilter): Promise<string[]>;
}
