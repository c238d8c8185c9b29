import type { Stored } from "#course/stored-json.ts";
import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import type { Attempt } from "../../protocol/attempt.ts";
import type { CheckOutcome, SequencedEvent } from "../../protocol/messages.ts";
import type { FleetTransaction } from "../fleet-transaction.ts";
import type { ScoredCheck } from "./score-run.ts";

/** What taking down events and results needs of its transaction besides. */
export interface ResultTransaction extends FleetTransaction {
  /** Of the version that the run is graded by. */
  readSpec(runId: string): Promise<Stored<ExerciseSpec>>;
  countChecks(run: Attempt): Promise<number>;
  /** In the order in which they were added. */
  readChecks(run: Attempt): Promise<ScoredCheck[]>;
  addChecks(run: Attempt, checks: CheckOutcome[]): Promise<void>;
  /** What the machine said of its fault, where only staff look. */
  keepStaffDetail(run: Attempt, detail: string | null): Promise<void>;
  /** Of the agent's events that are kept; 0 when there are none. */
  readLastSeq(run: Attempt): Promise<number>;
  /** And tells whoever follows the run; under the run's lock. */
  addEvents(run: Attempt, events: SequencedEvent[]): Promise<void>;
}
