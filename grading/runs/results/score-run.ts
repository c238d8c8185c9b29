import type { CheckOutcome } from "../../protocol/messages.ts";

export type Score =
  | { outcome: "graded"; score: number; maxScore: number }
  /** A check could not be graded; the student must not pay for it. */
  | { outcome: "exercise-fault" | "platform-fault"; reason: string };

/** What scoring needs of a check's outcome; points in [0, maxPoints]. */
export type ScoredCheck = Pick<CheckOutcome, "title" | "verdict" | "fault" | "points" | "maxPoints">;

/**
 * The score of a run: the sum of its checks' points. A run with a check that is not graded has no score; a
 * platform fault outweighs an exercise fault, because trying again may help.
 */
export function scoreRun(checks: readonly ScoredCheck[]): Score {
  const ungraded = checks.filter((check) => check.verdict === "not_graded");
  const platform = ungraded.find((check) => check.fault !== "exercise");
  if (platform) {
    return {
      outcome: "platform-fault",
      reason: `The machine could not grade the check "${platform.title}".`,
    };
  }
  const exercise = ungraded[0];
  if (exercise) {
    return {
      outcome: "exercise-fault",
      reason: `The check "${exercise.title}" of this exercise is faulty; that is not your mistake.`,
    };
  }
  return {
    outcome: "graded",
    score: sum(checks.map((check) => check.points)),
    maxScore: sum(checks.map((check) => check.maxPoints)),
  };
}

/** In whole hundredths, as they are stored, so that 0.1 + 0.2 is 0.3. */
function sum(points: number[]): number {
  return points.reduce((total, value) => total + hundredths(value), 0) / 100;
}

function hundredths(value: number): number {
  return Math.round(value * 100);
}
