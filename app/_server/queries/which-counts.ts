import { type LatePolicy, latePenaltyPercent } from "#course/deadlines/late-policy.ts";
import { isFinal, type RunState } from "#grading/runs/run-state.ts";

/** What decides between the attempts of one student at one exercise. */
export interface Attempt {
  number: number;
  receivedAt: Date;
  dueAt: Date | null;
  late: boolean;
  /** Of the submission's counted run; null when it has none. */
  run: { state: RunState; score: number | null } | null;
}

export interface Counting {
  counts: boolean;
  /** Score after the deduction for lateness; null while there is none. */
  points: number | null;
  penaltyPercent: number;
  /** One short sentence: why it counts or does not. */
  why: string;
}

/**
 * Which attempt counts: the one with the most points after the deduction for lateness, the earlier of two equal
 * ones. While none is graded, the newest that may still be. The answers are in the order of the attempts.
 */
export function whichCounts(attempts: readonly Attempt[], policy: LatePolicy): Counting[] {
  const valued = attempts.map((attempt) => {
    const penaltyPercent =
      attempt.late && attempt.dueAt ? latePenaltyPercent(policy, attempt.dueAt, attempt.receivedAt) : 0;
    const score = attempt.run?.score ?? null;
    const points = score === null ? null : Math.round(score * (100 - penaltyPercent)) / 100;
    return { attempt, penaltyPercent, points };
  });
  const graded = valued.filter((one) => one.points !== null);
  const open = valued.filter((one) => one.attempt.run && !isFinal(one.attempt.run.state));
  const best = graded.length > 0 ? graded.reduce(better) : open.length > 0 ? open.reduce(newer) : null;
  return valued.map((one) => ({
    counts: one === best,
    points: one.points,
    penaltyPercent: one.penaltyPercent,
    why: reason(one, best, graded.length),
  }));
}

type Valued = { attempt: Attempt; penaltyPercent: number; points: number | null };

const better = (a: Valued, b: Valued) => {
  const difference = (b.points ?? 0) - (a.points ?? 0);
  if (difference !== 0) return difference > 0 ? b : a;
  return b.attempt.number < a.attempt.number ? b : a;
};
const newer = (a: Valued, b: Valued) => (b.attempt.number > a.attempt.number ? b : a);

function reason(one: Valued, best: Valued | null, gradedCount: number): string {
  const { run } = one.attempt;
  const deducted = one.penaltyPercent > 0 ? ` after ${one.penaltyPercent}% for lateness` : "";
  if (one === best) {
    if (one.points === null) return "Newest; counts once it is graded.";
    return gradedCount === 1 ? `The only graded one${deducted}.` : `Most points${deducted}.`;
  }
  if (run === null || run.state === "cancelled") return "Its run was cancelled.";
  if (run.state === "not_gradable") return "Could not be graded; staff were told.";
  if (one.points === null) return "Not graded yet.";
  const equal = one.points === best?.points;
  return equal
    ? `Same points as submission ${best?.attempt.number}, which came first.`
    : `Submission ${best?.attempt.number} has more points${deducted ? `; this one${deducted}` : ""}.`;
}
