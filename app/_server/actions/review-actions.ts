"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { reviewsPath } from "#app/_ui/addresses.ts";
import { AppError } from "#course/errors.ts";
import {
  allocateAll,
  holdReview,
  type ReviewOutcome,
  releaseReviews,
  writeReview,
} from "#infra/db/course/review-store.ts";
import { findReviews, reviewsClosed } from "../queries/course/reviews.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";
import { type FormState, failedForm, refusedForm } from "./form-state.ts";

const course = z.string().max(100);
const subject = (input: { course: string }) => ({ course: input.course });
const reviewId = z.uuid();

async function assignmentOf(services: Services, courseId: string): Promise<string> {
  const found = await findReviews(services, courseId);
  if (found !== null) return found.id;
  throw new AppError({ code: "not-found", userMessage: "This course has no reviews any more." });
}

const refusal = (outcome: ReviewOutcome, typed: Record<string, string>): FormState | null =>
  outcome.outcome === "refused" ? refusedForm(outcome.problems, typed) : null;

/** Writes one of the reader's reviews; a field for each criterion, answer.<id>. */
export const sendReview = action(
  {
    permission: "review.write",
    input: z.looseObject({ course, review: reviewId }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const typed = Object.fromEntries(
      Object.entries(input).flatMap(([name, value]) =>
        name.startsWith("answer.") && typeof value === "string"
          ? [[name.slice("answer.".length), value]]
          : [],
      ),
    );
    const closed = await reviewsClosed(services, await assignmentOf(services, courseId), actor.userId);
    const outcome = await writeReview(services, { reviewId: input.review, by: actor.userId, typed, closed });
    return refusal(outcome, typed) ?? redirect(`${reviewsPath(input.course)}?done=written`);
  },
);

/** Gives out what each is to review. */
export const giveReviews = action(
  { permission: "review.manage", input: z.object({ course }), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services }) => {
    const assignmentId = await assignmentOf(services, courseId);
    const of = { assignmentId, by: actor.userId, solve: services.solve };
    return (
      refusal(await allocateAll(services, of), {}) ?? redirect(`${reviewsPath(input.course)}?done=given`)
    );
  },
);

/** Keeps one review from its team, or lets it go. */
export const keepReviewBack = action(
  {
    permission: "review.manage",
    input: z.object({ course, review: reviewId, how: z.enum(["hold", "let-go"]) }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const assignmentId = await assignmentOf(services, courseId);
    const of = { assignmentId, reviewId: input.review, by: actor.userId, held: input.how === "hold" };
    return (
      refusal(await holdReview(services, of), {}) ??
      redirect(`${reviewsPath(input.course)}?done=${input.how}`)
    );
  },
);

/** Has teams read what was written about them, or no more. */
export const handReviewsOn = action(
  {
    permission: "review.manage",
    input: z.object({ course, how: z.enum(["release", "take-back"]) }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const assignmentId = await assignmentOf(services, courseId);
    const of = { assignmentId, by: actor.userId, released: input.how === "release" };
    return (
      refusal(await releaseReviews(services, of), {}) ??
      redirect(`${reviewsPath(input.course)}?done=${input.how}`)
    );
  },
);
