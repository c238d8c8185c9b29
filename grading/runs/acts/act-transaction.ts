import type { Stored } from "#course/stored-json.ts";
import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import type { RunOfSubmission } from "../counting.ts";
import type { FleetTransaction } from "../fleet-transaction.ts";
import type { StaffAct } from "../rerun-run.ts";
import type { RunReasonCode } from "../run-state.ts";
import type { WaitingReads } from "./supersede-older.ts";

/** By which the audit knows a rerun: a student's are counted by it. */
export const rerunAction = "run.rerun";

export interface ActRun extends RunOfSubmission {
  reasonCode: RunReasonCode | null;
  score: number | null;
}

/** A submission as acts on its runs see it. */
export interface ActSubmission {
  submissionId: string;
  userId: string;
  exerciseId: string;
  /** All of it. */
  runs: ActRun[];
  /** The exercise's current version. */
  version: { id: string; spec: Stored<ExerciseSpec> } | null;
}

export interface NewRun {
  id: string;
  submissionId: string;
  exerciseVersionId: string;
  queuedAt: Date;
  counts: boolean;
  byStaff: boolean;
}

export interface ActEntry {
  action: typeof rerunAction | "run.make-count" | "run.cancel";
  /** <kind>:<id> */
  subject: string;
  before: object;
  after: object;
}

/** What people's acts on runs need of their transaction besides. */
export interface ActTransaction extends FleetTransaction, WaitingReads {
  /** Of which submission the run is, for its locks; null when there is no such run. */
  findSubmissionOf(runId: string): Promise<Pick<ActSubmission, "submissionId" | "userId"> | null>;
  readSubmission(submissionId: string): Promise<ActSubmission>;
  /**
   * How often this person had the submission run again. One that was cancelled before it had a result, by newer
   * submissions or by staff, is not counted: nothing was tried. One that they cancelled themselves is: asking and
   * cancelling by turns would have no end.
   */
  countReruns(submissionId: string, userId: string): Promise<number>;
  letNoneCount(submissionId: string): Promise<void>;
  addRun(run: NewRun): Promise<void>;
  audit(act: StaffAct, entry: ActEntry): Promise<void>;
}
