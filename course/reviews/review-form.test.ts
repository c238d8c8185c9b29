import { describe, expect, it } from "vitest";
import { defaultReviewForm, readReview, reviewForm } from "./review-form.ts";

const whole = Object.fromEntries(
  defaultReviewForm.map(({ id, kind }) => [id, kind === "scale" ? "4" : " Good. "]),
);

describe("a review as it was typed", () => {
  it("is taken whole, numbers as numbers and texts without space around them", () => {
    expect(readReview(defaultReviewForm, { ...whole, other: "passed over" })).toEqual({
      outcome: "read",
      answers: { content: 4, structure: 4, delivery: 4, questions: 4, best: "Good.", better: "Good." },
    });
  });

  it.each([
    ["content", "6"],
    ["content", "0"],
    ["content", "4.5"],
    ["content", ""],
    ["best", " "],
    ["better", "長".repeat(4001)],
  ])("is refused beside the criterion: %s %s", (field, value) => {
    expect(readReview(defaultReviewForm, { ...whole, [field]: value })).toMatchObject({
      outcome: "refused",
      problems: [{ field }],
    });
  });

  it("says all that is missing at once", () => {
    const read = readReview(defaultReviewForm, {});
    expect(read.outcome === "refused" && read.problems.length).toBe(defaultReviewForm.length);
  });
});

it("a form has each criterion once, and at least one", () => {
  const one = { kind: "text", id: "best", text: "What was best?" };
  expect(reviewForm.safeParse([one]).success).toBe(true);
  expect(reviewForm.safeParse([one, one]).success).toBe(false);
  expect(reviewForm.safeParse([]).success).toBe(false);
});
