import type { Clock } from "#course/clock.ts";
import { inWords, type RunOfSubmission, runUnderWay, wentUngraded } from "./counting.ts";
import { maxWaiting } from "./queue-bound.ts";
import type { RunStatus } from "./run-state.ts";

/** What a person asks of a run. */
export interface StaffAct {
  runId: string;
  /** Who asks; the caller has checked that they may. */
  userId: string;
  /** Why, for the audit: one sentence that is not empty. */
  reason: string;
}

export interface RerunAct extends StaffAct {
  /** In which role of the run's course; a student is the one who handed the work in. */
  as: "student" | "staff";
}

/** So often may a student have one submission run again; staff may as often as they like. */
export const maxStudentReruns = 2;

export type RerunRefusal = {
  code:
    | "no-such-run"
    | "still-under-way"
    | "result-stands"
    | "reruns-used-up"
    | "too-many-waiting"
    | "no-exercise-version"
    | "exercise-unreadable";
  message: string;
};

export type RerunOutcome = { outcome: "queued"; runId: string } | ({ outcome: "refused" } & RerunRefusal);

export interface RerunPorts {
  store: {
    /**
     * One transaction, under the submission's lock: whyNoRerun decides, the new run is queued and counts as
     * countsAtOnce says, the audit says who and why.
     */
    rerun(act: RerunAct, now: Date): Promise<RerunOutcome>;
  };
  /** Offers the run to the workers; when it fails the sweep finds the run. */
  enqueue(runId: string): Promise<void>;
  onEnqueueFailed(error: unknown): void;
  clock: Clock;
}

/**
 * Grades a submission again, by the exercise's current version. A result that counts goes on to count until the new
 * run is graded; every former run is kept.
 */
export async function rerunRun(ports: RerunPorts, act: RerunAct): Promise<RerunOutcome> {
  const outcome = await ports.store.rerun(act, ports.clock());
  if (outcome.outcome !== "queued") return outcome;
  try {
    await ports.enqueue(outcome.runId);
  } catch (error) {
    ports.onEnqueueFailed(error);
  }
  return outcome;
}

/** How a submission stands when somebody asks for another run of it. */
export interface RerunStanding {
  as: RerunAct["as"];
  /** All of the submission. */
  runs: readonly (RunOfSubmission & Pick<RunStatus, "reasonCode">)[];
  /** How often this person had it run again before. */
  asked: number;
  /** Runs of the same student and exercise that wait in the queue. */
  waiting: number;
}

/** Why the submission may not be run again now, by whom asks; null when it may. */
export function whyNoRerun({ as, runs, asked, waiting }: RerunStanding): RerunRefusal | null {
  const open = runUnderWay(runs);
  if (open !== null) {
    const message = `This submission is being graded already (${open.id} is ${open.state}): wait until it has ended, or cancel it first.`;
    return { code: "still-under-way", message };
  }
  if (as === "staff") return null;
  const counted = runs.find((run) => run.counts);
  if (counted === undefined || !wentUngraded(counted)) {
    const message = `The run that counts of this submission is ${inWords(counted?.state ?? "cancelled")}, and only one that could not be graded may be run again by its student. Ask the staff of your course if you think that it is wrong.`;
    return { code: "result-stands", message };
  }
  if (asked >= maxStudentReruns) return { code: "reruns-used-up", message: usedUp };
  return waiting < maxWaiting ? null : { code: "too-many-waiting", message: tooManyWaiting };
}

const tooManyWaiting = `${maxWaiting} of your submissions to this exercise wait to be graded, the most that may: run this one again when fewer do.`;

/** Said in the refusal and on the page. */
export const usedUp = `You had this submission run again ${maxStudentReruns} times, the most that a student may. Ask the staff of your course to run it again.`;
