import type { Clock } from "#course/clock.ts";
import type { Stored } from "#course/stored-json.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import type { RunOrder } from "#grading/protocol/messages.ts";
import type { ResultTransaction } from "#grading/runs/results/result-transaction.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import type { FileStore } from "#grading/submissions/ports.ts";
import type { TokenMaker } from "../launching/launcher.ts";
import type { MachineState } from "../machine-state.ts";
import type { MachineRow } from "../machine-transaction.ts";

/** How a run stands. */
export interface RunStanding {
  state: RunState;
  attempt: number;
}

/** What a machine is told of its run. */
export interface OrderRow extends RunStanding {
  spec: Stored<ExerciseSpec>;
  submission: RunOrder["submission"];
  hiddenKey: string;
}

/** What answering agents needs of a transaction besides. */
export interface AgentTransaction extends ResultTransaction {
  /** null: the token is unknown, or was used. */
  findByToken(tokenHash: string): Promise<MachineRow | null>;
  readOrder(runId: string): Promise<OrderRow | null>;
}

/** What is read and written without one. */
export interface AgentRows {
  findBySession(sessionHash: string): Promise<MachineRow | null>;
  readStanding(runId: string): Promise<RunStanding | null>;
  /** With the keys of its files. */
  readFiles(runId: string): Promise<(RunStanding & { submissionKey: string; hiddenKey: string }) | null>;
  /** That the machine was heard, if it is in one of these states. */
  recordBeat(machineId: string, states: readonly MachineState[], at: Date): Promise<void>;
}

/** A secret, and what is stored of it. */
export interface Secrets extends TokenMaker {
  hash(secret: string): string;
}

export interface AgentPorts {
  rows: AgentRows;
  transact<Result>(work: (tx: AgentTransaction) => Promise<Result>): Promise<Result>;
  secrets: Secrets;
  files: FileStore;
  clock: Clock;
  /** Told about results that a machine must not send; why is for the log. */
  onMismatch(mismatch: { machineId: string; runId: string; why: string }): void;
}
