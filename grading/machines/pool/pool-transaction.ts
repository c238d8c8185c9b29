import type { Attempt } from "#grading/protocol/attempt.ts";
import type { QueueReads } from "#grading/runs/demand/read-demand.ts";
import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import type { FleetPlaces } from "#grading/runs/queue/plan-fleet.ts";
import type { NewMachine } from "../launching/launcher.ts";

/** What the places of the fleet and its pool need of their transaction besides. Machines are the own provider's. */
export interface PoolTransaction extends FleetTransaction, QueueReads {
  /** The places that are taken, as of one instant. */
  readPlaces(): Promise<FleetPlaces>;
  /** Machines whose place is becoming free. */
  countEnding(): Promise<number>;
  /** run: the attempt that it is for; null: it waits in the pool. */
  addMachine(machine: NewMachine & { poolNodes?: number }, run: Attempt | null): Promise<void>;
}
