import type { Micros } from "#course/cost/micros.ts";
import type { Stored } from "#course/stored-json.ts";
import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import type { NewMachine } from "../../machines/launching/launcher.ts";
import type { WaitingForMarket } from "../../machines/launching/near-deadline.ts";
import type { MachineKind } from "../../machines/machine-kind.ts";
import type { PoolTransaction } from "../../machines/pool/pool-transaction.ts";
import type { Attempt } from "../../protocol/attempt.ts";
import type { RunState } from "../run-state.ts";

/** A run as whoever starts it sees it. */
export interface StartingRun extends WaitingForMarket {
  state: RunState;
  attempt: number;
  /** Whose submission it grades. */
  userId: string;
  spec: Stored<ExerciseSpec>;
  /** As it was written with the exercise: what queue, images and launches go by. */
  machineKind: MachineKind;
}

/** What starting runs needs of its transaction besides. */
export interface StartTransaction extends PoolTransaction {
  readStarting(runId: string): Promise<StartingRun | null>;
  /** The student goes to the end of the turns. */
  saveTurn(userId: string): Promise<void>;
  /** Of the open claim: what its machine may cost is held until the machine's own row holds it. */
  saveReservation(claim: Attempt, micros: Micros): Promise<void>;
  readKind(machineId: string): Promise<Pick<NewMachine, "provider" | "machineKind"> | null>;
}
