/** How much of what there was to earn was earned. */
export type HowItWent = "all" | "some" | "none";

/** null while there is no score, or where nothing was to be earned. */
export function howItWent(score: number | null, maxScore: number | null): HowItWent | null {
  if (score === null || maxScore === null || maxScore <= 0) return null;
  if (score >= maxScore) return "all";
  return score > 0 ? "some" : "none";
}
