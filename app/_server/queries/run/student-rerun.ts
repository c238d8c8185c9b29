import { runUnderWay, wentUngraded } from "#grading/runs/counting.ts";
import { maxStudentReruns, type RerunStanding, whyNoRerun } from "#grading/runs/rerun-run.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { countWaiting, timesRerun } from "#infra/db/runs/fleet-acts.ts";
import { type Actor, decide, type SubjectOf } from "../../access/permissions.ts";

/** By which right a run may be run again: staff any, its student what Drydock failed to grade. */
export type RerunRight = "always" | "ungraded" | "never";

export interface StudentRerunView {
  /** How often the student may still have the submission run again; null unless the run that counts was not gradable. */
  studentRerunsLeft: number | null;
  /** Why the student may not have it run again now, although it has no result: one sentence; null when they may. */
  noStudentRerun: string | null;
}

/** The page may be open while its run ends, so it learns the right and not what follows from it now. */
export function rerunRight(
  actor: Actor,
  run: Omit<SubjectOf<"run.rerun">, "countedNotGradable">,
): RerunRight {
  const may = (countedNotGradable: boolean) =>
    decide("run.rerun", actor, { ...run, countedNotGradable }) === "allowed";
  if (may(false)) return "always";
  return may(true) ? "ungraded" : "never";
}

/** Whether the student may have the submission run again: of one with a result, or under way, nothing is to be said. */
export async function studentRerun(
  db: Db,
  submission: { id: string; userId: string; exerciseId: string; runs: RerunStanding["runs"] },
): Promise<StudentRerunView> {
  const { id, userId, runs } = submission;
  const counted = runs.find((run) => run.counts);
  if (counted === undefined || counted.state === "graded" || runUnderWay(runs) !== null) {
    return { studentRerunsLeft: null, noStudentRerun: null };
  }
  const [asked, waiting] = await Promise.all([timesRerun(db, id, userId), countWaiting(db, submission)]);
  return {
    studentRerunsLeft: wentUngraded(counted) ? Math.max(0, maxStudentReruns - asked) : null,
    noStudentRerun: whyNoRerun({ as: "student", runs, asked, waiting })?.message ?? null,
  };
}
