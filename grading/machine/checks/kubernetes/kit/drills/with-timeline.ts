import type { DrillTimeline } from "../../../../../protocol/messages.ts";
import type { CheckVerdict } from "../../../kit/define-check.ts";

/** A drill's verdict with what it recorded. What was not graded has nothing to show. */
export const withTimeline = (verdict: CheckVerdict, timeline: DrillTimeline): CheckVerdict =>
  verdict.verdict === "not_graded" ? verdict : { ...verdict, timeline };
