/** What of an attempt decides what a later one takes away. */
export interface CountedAttempt {
  number: number;
  counts: boolean;
  /** After the deduction for lateness; null while there is none. */
  points: number | null;
  /** Of the counted run, before any deduction. */
  run: { score: number | null; maxScore: number | null } | null;
}

export interface ReplacedResult {
  number: number;
  points: number;
  maxPoints: number;
  /** Every check passed: nothing that comes later has more, since lateness only grows. */
  full: boolean;
}

/**
 * The result in whose place the next submission of a student comes, as the last one counts (whichCounts); null when
 * nothing is lost by it: none counts, or the one that does has no points.
 */
export function replacedByNext(attempts: readonly CountedAttempt[]): ReplacedResult | null {
  const counted = attempts.find((attempt) => attempt.counts);
  const { score = null, maxScore = null } = counted?.run ?? {};
  if (!counted?.points || score === null || maxScore === null) return null;
  return { number: counted.number, points: counted.points, maxPoints: maxScore, full: score >= maxScore };
}
