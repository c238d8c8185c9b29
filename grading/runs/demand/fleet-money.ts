import type { Caps, Spending } from "#course/cost/budget.ts";
import type { Stored } from "#course/stored-json.ts";
import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import type { IdleMachine } from "../../machines/plan-pool.ts";

/** Staff keep machines from being launched. */
export interface FleetStop {
  at: Date;
  /** Who, as people read it. */
  by: string;
  reason: string;
}

/** What may keep a machine from being launched although there is room for it. */
export interface FleetMoney {
  /** Of the transaction, or of the look. */
  now: Date;
  /** null: machines are launched. */
  stop: FleetStop | null;
  caps: Caps;
  /** Of the courses and students that it was asked for; nothing where there are no caps. */
  spending: Spending;
}

/** What tells whether a queued run has to wait for money. */
export interface MoneyReads {
  readMoney(of: { courses: readonly string[]; students: readonly string[] }): Promise<FleetMoney>;
  /** Everything of the own provider's pool that waits, in the order in which it is taken: the furthest first. */
  readIdle(): Promise<(IdleMachine & { usdPerHour: number })[]>;
  readSpecs(versions: readonly string[]): Promise<{ id: string; spec: Stored<ExerciseSpec> }[]>;
}
