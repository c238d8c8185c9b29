import { isFinal, type RunReasonCode, type RunState } from "#grading/runs/run-state.ts";

/** What decides between the attempts of one student at one exercise. */
export interface Attempt {
  number: number;
  /** What its lateness costs by the deadline in force. */
  penaltyPercent: number;
  /** Of the submission's counted run; null when it has none. */
  run: { state: RunState; reasonCode: RunReasonCode | null; score: number | null } | null;
}

export interface Counting {
  counts: boolean;
  /** Score after the deduction for lateness; null while there is none. */
  points: number | null;
  /** One short sentence: why it counts or does not. */
  why: string;
}

/**
 * Which attempt counts: the last one that was handed in and whose run nobody cancelled; one that only lost its place
 * in the queue to newer ones stands. The answers are in the order of the attempts.
 */
export function whichCounts(attempts: readonly Attempt[]): Counting[] {
  const standing = attempts.filter(({ run }) => run !== null && !isCancelled(run));
  const last = standing.length === 0 ? null : standing.reduce((a, b) => (b.number > a.number ? b : a));
  return attempts.map((attempt) => {
    const { penaltyPercent } = attempt;
    const score = attempt.run?.score ?? null;
    return {
      counts: attempt === last,
      points: score === null ? null : Math.round(score * (100 - penaltyPercent)) / 100,
      why: reason(attempt, last),
    };
  });
}

function isCancelled(run: NonNullable<Attempt["run"]>): boolean {
  return run.state === "cancelled" && run.reasonCode !== "superseded";
}

function reason(attempt: Attempt, last: Attempt | null): string {
  const { run, penaltyPercent } = attempt;
  if (run === null || isCancelled(run)) return "Its run was cancelled.";
  if (attempt !== last) return `Submission ${last?.number} came later.`;
  if (run.state === "cancelled")
    return "Your last one. It was not graded while newer ones waited; run it again.";
  if (run.state === "not_gradable") return "Your last one. It could not be graded; staff were told.";
  if (!isFinal(run.state)) return "Your last one. Its score follows.";
  return penaltyPercent > 0 ? `Your last one, less ${penaltyPercent}% for lateness.` : "Your last one.";
}
