import { z } from "zod";
import { storedKind } from "../stored-json.ts";
import { leastOfScale, longestReviewText, mostOfScale } from "./review-bounds.ts";

const id = z.string().regex(/^[a-z0-9-]{1,40}$/, "lower-case words joined by hyphens, such as slides");
const words = z.string().min(1).max(300);

const criterion = z.discriminatedUnion("kind", [
  /** From 1 to 5. */
  z.strictObject({ kind: z.literal("scale"), id, text: words, low: words, high: words }),
  z.strictObject({ kind: z.literal("text"), id, text: words }),
]);
export type Criterion = z.output<typeof criterion>;

const list = z
  .array(criterion)
  .max(20)
  .refine((form) => new Set(form.map((one) => one.id)).size === form.length, "each criterion has its own id");

/** As a course's file says it. */
export const reviewForm = list.min(1);

/** What a reviewer is asked, in order; empty: the default. */
export const storedReviewForm = storedKind("form of reviews", list);

const answers = z.record(z.string(), z.union([z.number(), z.string()]));
export type ReviewAnswers = z.output<typeof answers>;

/** By the ids of their criteria. */
export const storedReviewAnswers = storedKind("answers of a review", answers);

const scale = (name: string, text: string): Criterion => ({
  ...{ kind: "scale", id: name, text, low: "needs work", high: "excellent" },
});

/** What is asked while the course says nothing else. */
export const defaultReviewForm: readonly Criterion[] = [
  scale("content", "What was said: is it right, and does it go deep enough?"),
  scale("structure", "How it was built: could one follow?"),
  scale("delivery", "How it was spoken and shown"),
  scale("questions", "How questions were answered"),
  { kind: "text", id: "best", text: "What was best?" },
  { kind: "text", id: "better", text: "What could be better, and how?" },
];

export type ReviewRead =
  | { outcome: "read"; answers: ReviewAnswers }
  /** By the ids of their criteria. */
  | { outcome: "refused"; problems: { field: string; message: string }[] };

/** What was typed on the form. A review is written as a whole: every criterion is answered. */
export function readReview(form: readonly Criterion[], typed: Record<string, string>): ReviewRead {
  const problems: { field: string; message: string }[] = [];
  const read: ReviewAnswers = {};
  for (const { kind, id: field, text } of form) {
    const value = (typed[field] ?? "").trim();
    if (kind === "scale") {
      if (/^[1-5]$/.test(value)) read[field] = Number(value);
      else
        problems.push({ field, message: `“${text}” needs a number from ${leastOfScale} to ${mostOfScale}.` });
    } else if (value === "") {
      problems.push({ field, message: `“${text}” needs at least a word: the team learns most from it.` });
    } else if (value.length > longestReviewText) {
      const message = `This has ${value.length} characters: shorten it to ${longestReviewText}.`;
      problems.push({ field, message });
    } else read[field] = value;
  }
  return problems.length > 0 ? { outcome: "refused", problems } : { outcome: "read", answers: read };
}
