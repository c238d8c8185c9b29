import { judgeParts, type Part } from "../../../kit/credit/share-credit.ts";
import type { CheckVerdict } from "../../../kit/define-check.ts";

/**
 * Like judgeParts, when what broke kept so many more parts from being looked at: those earn nothing either, and the
 * student is told of what broke only.
 */
export function judgeReached(
  parts: Part[],
  skipped: number,
  partial: boolean,
  maxPoints: number,
  passed: string,
): CheckVerdict {
  const verdict = judgeParts(parts, partial, maxPoints, passed);
  if (verdict.verdict !== "failed") return verdict;
  const share = parts.length / (parts.length + skipped);
  return { ...verdict, points: (verdict.points ?? 0) * share };
}
