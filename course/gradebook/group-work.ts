import type { DeadlineStatus } from "../deadlines/effective-deadline.ts";
import type { CountedAttempt } from "./replaced-by-next.ts";

/** An assignment as one student stands with it. */
export interface StudentWork {
  /** By this student's own deadline: an extension is in it. */
  status: DeadlineStatus;
  dueAt: Date | null;
  /** What is handed in here, of each exercise as countedOf says. */
  exercises: { points: number | null; maxPoints: number | null }[];
}

export interface GroupedWork<Work> {
  /** Still counts as on time; what is due first comes first, what has no due date last. */
  next: Work[];
  /** Past its due date, still taken, and not at full points; the latest first. */
  overdue: Work[];
  /** Closed, or at full points in every exercise; the latest first. */
  done: Work[];
}

/**
 * A student's assignments by what there is to do about them. Everything that is open is in exactly one group, so that
 * no number of old ones ever hides what is due tomorrow. What is not released yet is in none.
 */
export function groupWork<Work extends StudentWork>(works: readonly Work[]): GroupedWork<Work> {
  const of = (group: "next" | "overdue" | "done") => works.filter((work) => groupOf(work) === group);
  return {
    next: of("next").sort((a, b) => dueMs(a) - dueMs(b)),
    overdue: of("overdue").sort((a, b) => dueMs(b) - dueMs(a)),
    done: of("done").sort((a, b) => dueMs(b) - dueMs(a)),
  };
}

function groupOf(work: StudentWork): "next" | "overdue" | "done" | null {
  if (work.status === "not-released") return null;
  if (work.status === "closed" || hasFullPoints(work)) return "done";
  return work.status === "late-accepted" ? "overdue" : "next";
}

/**
 * The result that counts of an exercise, and the most that it could have, by the points of the graded version: a new one
 * does not make what is done undone. Before any deduction: late work with all points cannot gain by coming later still.
 */
export function countedOf(
  attempts: readonly Pick<CountedAttempt, "counts" | "run">[],
): StudentWork["exercises"][number] {
  const run = attempts.find(({ counts }) => counts)?.run ?? null;
  return { points: run?.score ?? null, maxPoints: run?.maxScore ?? null };
}

/** Nothing more can be had. An assignment that nothing is handed in for here never has them. */
export function hasFullPoints({ exercises }: Pick<StudentWork, "exercises">): boolean {
  return (
    exercises.length > 0 &&
    exercises.every(
      ({ points, maxPoints }) =>
        points !== null && maxPoints !== null && maxPoints > 0 && points >= maxPoints,
    )
  );
}

const dueMs = ({ dueAt }: StudentWork) => dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
