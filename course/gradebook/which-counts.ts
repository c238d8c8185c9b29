/** received: it is only collected, and no machine grades it; superseded: it was not graded since newer submissions waited; withdrawn: its student cancelled it in the queue. */
export type ResultState = "received" | "waiting" | "graded" | "not-gradable" | "superseded" | "withdrawn";

/** What decides between the attempts of one student, and of their team, at one exercise. */
export interface Attempt {
  number: number;
  /** What its lateness costs by the deadline in force. */
  penaltyPercent: number;
  /** Of the submission's counted run; null when it has none, or when staff cancelled it. */
  result: { state: ResultState; score: number | null } | null;
  /** Somebody else of the team sent it, after this student's own deadline had closed. */
  tooLate?: boolean;
}

export interface Counting {
  counts: boolean;
  /** Score after the deduction for lateness; null while there is none, or none for this student. */
  points: number | null;
  /** One short sentence: why it counts or does not. */
  why: string;
}

/**
 * Which attempt counts: the last one that was handed in and whose run nobody cancelled; one that only lost its place
 * in the queue to newer ones stands. What others of a team sent after this student's own end does not. The answers are in the order of the attempts.
 */
export function whichCounts(attempts: readonly Attempt[]): Counting[] {
  const standing = attempts.filter(
    ({ result, tooLate }) => result !== null && result.state !== "withdrawn" && !tooLate,
  );
  const last = standing.length === 0 ? null : standing.reduce((a, b) => (b.number > a.number ? b : a));
  return attempts.map((attempt) => {
    const { penaltyPercent } = attempt;
    const score = attempt.tooLate ? null : (attempt.result?.score ?? null);
    return {
      counts: attempt === last,
      points: score === null ? null : afterLateness(score, penaltyPercent),
      why: reason(attempt, last),
    };
  });
}

/** A score less what its lateness costs, to the hundredth of a point. */
export function afterLateness(score: number, penaltyPercent: number): number {
  return Math.round(score * (100 - penaltyPercent)) / 100;
}

function reason({ result, penaltyPercent, number, tooLate }: Attempt, last: Attempt | null): string {
  if (tooLate) return "Your own deadline was over when it was handed in; it counts for whoever had longer.";
  if (result === null) return "Its run was cancelled.";
  if (result.state === "withdrawn") return "You cancelled its run: it counts once it was run again.";
  if (number !== last?.number) return `Submission ${last?.number} came later.`;
  switch (result.state) {
    case "superseded":
      return "Your last one. It was not graded while newer ones waited; run it again.";
    case "not-gradable":
      return "Your last one. It could not be graded; staff were told.";
    case "received":
      return "Your last one.";
    case "waiting":
      return "Your last one. Its score follows.";
    case "graded":
      return penaltyPercent > 0 ? `Your last one, less ${penaltyPercent}% for lateness.` : "Your last one.";
  }
}
