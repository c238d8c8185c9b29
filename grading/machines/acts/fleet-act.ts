import type { FleetStop } from "#grading/runs/demand/fleet-money.ts";
import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";

/** What somebody does to the fleet. */
export interface FleetAct {
  /** Whose account; null: whoever runs Drydock, at its command line. */
  userId: string | null;
  /** Who, as people read it. */
  by: string;
  /** Why, for the audit: one sentence that is not empty. */
  reason: string;
}

export interface FleetEntry {
  action: "fleet.stop" | "fleet.resume" | "fleet.drain" | "machine.end";
  /** <kind>:<id> */
  subject: string;
  before: object;
  after: object;
}

/** What acts on the fleet need of their transaction besides. */
export interface FleetActTransaction extends FleetTransaction {
  readStop(): Promise<FleetStop | null>;
  saveStop(stop: FleetStop): Promise<void>;
  removeStop(): Promise<void>;
  /** Machines of the pool that no run has, whoever made them. */
  findIdle(): Promise<string[]>;
  /** Whose exercise this run grades. */
  findCourseOf(runId: string): Promise<string>;
  audit(act: FleetAct, entry: FleetEntry): Promise<void>;
}
