import type { Clock } from "#course/clock.ts";
import { inWords, type RunOfSubmission, runUnderWay, wentUngraded } from "./counting.ts";
import { maxWaiting } from "./queue/queue-bound.ts";
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
  code: "no-such-run" | keyof typeof rerunRefusals;
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
    return refusal("still-under-way", ` The run ${open.id} is ${inWords(open.state)}.`);
  }
  if (as === "staff") return null;
  const counted = runs.find((run) => run.counts);
  if (counted?.state === "cancelled" && !wentUngraded(counted)) return refusal("cancelled-by-staff");
  if (counted === undefined || !wentUngraded(counted)) return refusal("result-stands");
  if (asked >= maxStudentReruns) return refusal("reruns-used-up");
  return waiting < maxWaiting ? null : refusal("too-many-waiting");
}

/** Said in the refusal and, by its code, on pages. */
export const rerunRefusals = {
  "still-under-way":
    "This submission is being graded already: wait until that run has ended, or have staff cancel it first.",
  "result-stands":
    "The run that counts of this submission has a result, or is still to get one, and only one that could not be graded may be run again by its student. Ask the staff of your course if you think that it is wrong.",
  "cancelled-by-staff":
    "Staff cancelled the run that counts of this submission, so only they may have it run again: ask the staff of your course, or submit again.",
  "reruns-used-up": `You had this submission run again ${maxStudentReruns} times, the most that a student may. Ask the staff of your course to run it again.`,
  "too-many-waiting": `${maxWaiting} of your submissions to this exercise wait to be graded, the most that may: run this one again when fewer do.`,
  "no-exercise-version":
    "The exercise has no current version, so nothing can be graded by it: the staff of the course have to load the course again, then rerun.",
  "exercise-unreadable":
    "The exercise's current version cannot be read by this version of Drydock: the staff of the course have to load the course again, then rerun.",
} as const;

export const refusal = (code: keyof typeof rerunRefusals, more = ""): RerunRefusal => ({
  code,
  message: `${rerunRefusals[code]}${more}`,
});
