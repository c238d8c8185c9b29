import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { Solve } from "#course/optimization/zero-one-model.ts";
import { allocateReviews } from "#course/reviews/allocate-reviews.ts";
import {
  type Criterion,
  defaultReviewForm,
  type ReviewAnswers,
  readReview,
  storedReviewAnswers,
  storedReviewForm,
} from "#course/reviews/review-form.ts";
import type { Db, Tx } from "../connection/client.ts";
import { Prisma } from "../generated/client.ts";
import { lockTeams } from "./team-locks.ts";

export type ReviewOutcome =
  | { outcome: "done" }
  | { outcome: "refused"; problems: { field: string; message: string }[] };

const done = { outcome: "done" } as const;
const refused = (message: string, field = "form"): ReviewOutcome => ({
  outcome: "refused",
  problems: [{ field, message }],
});

export interface ReviewParts {
  db: Db;
  clock: Clock;
}

/** What an assignment's reviewers are asked. */
export function formOf(stored: unknown): Criterion[] {
  const read = storedReviewForm.read(stored);
  return read.outcome === "read" && read.value.length > 0 ? read.value : [...defaultReviewForm];
}

/**
 * Gives every student who is to write reviews as many as there are to write, evenly over the presentations of the course.
 * What was written stays, and so does what was given before, while its reviewer and its talk are there.
 */
export async function allocateAll(
  { db, clock }: ReviewParts,
  { assignmentId, by, solve }: { assignmentId: string; by: string; solve: Solve },
): Promise<ReviewOutcome> {
  const assignment = await db.assignment.findUniqueOrThrow({
    where: { id: assignmentId },
    include: { reviews: true },
  });
  const { courseId, reviewsEach, reviewSections } = assignment;
  if (reviewsEach === null)
    return refused("This assignment has no reviews: say “reviews” of it in course.yaml.");
  const [students, talks] = await Promise.all([
    db.enrollment.findMany({
      where: {
        ...{ courseId, role: "student" },
        ...(reviewSections.length === 0 ? {} : { section: { code: { in: reviewSections } } }),
      },
      select: { userId: true },
    }),
    db.talk.findMany({
      where: { assignment: { courseId }, state: { not: "returned" } },
      select: { teamId: true, team: { select: { members: { select: { userId: true } } } } },
    }),
  ]);
  if (talks.length === 0) return refused("There is no presentation to review yet: teams propose them first.");
  const reviewers = students.map(({ userId }) => ({ userId, writes: reviewsEach }));
  const reviewed = talks.map(({ teamId, team }) => ({
    teamId,
    members: team.members.map(({ userId }) => userId),
  }));
  const known = (one: { reviewerId: string; teamId: string }) =>
    students.some(({ userId }) => userId === one.reviewerId) &&
    reviewed.some(({ teamId, members }) => teamId === one.teamId && !members.includes(one.reviewerId));
  const kept = assignment.reviews.filter(known).map(({ reviewerId: userId, teamId }) => ({ userId, teamId }));
  const allocated = await allocateReviews(reviewers, reviewed, { solve, random: Math.random, kept });
  if (allocated.outcome === "too-few") {
    return refused(
      `Each is to review ${allocated.writes} presentations, and for somebody there are ${allocated.others} of others: let “each” be less in course.yaml.`,
    );
  }
  if (allocated.outcome === "no-answer") {
    return refused("No allocation was found in time: nothing has changed, try it again.");
  }
  return db.$transaction(async (tx) => {
    await lockTeams(tx, assignmentId);
    const wanted = allocated.allocations.map(({ userId, teamId }) => ({ reviewerId: userId, teamId }));
    const isWanted = (one: { reviewerId: string; teamId: string }) =>
      wanted.some(({ reviewerId, teamId }) => reviewerId === one.reviewerId && teamId === one.teamId);
    const unwritten = await tx.review.findMany({ where: { assignmentId, submittedAt: null } });
    await tx.review.deleteMany({
      where: { id: { in: unwritten.filter((one) => !isWanted(one)).map(({ id }) => id) }, submittedAt: null },
    });
    await tx.review.createMany({
      data: wanted.map((one) => ({ assignmentId, ...one })),
      skipDuplicates: true,
    });
    const counts = { reviewers: reviewers.length, reviews: wanted.length };
    await audit(tx, { assignmentId, by, now: clock(), action: "review.allocate", after: counts });
    return done;
  });
}

/** Writes a student's own review, or writes it anew. typed: by the ids of the criteria. */
export async function writeReview(
  { db, clock }: ReviewParts,
  of: { reviewId: string; by: string; typed: Record<string, string>; closed: boolean },
): Promise<ReviewOutcome> {
  return db.$transaction(async (tx) => {
    const row = await tx.review.findFirst({
      where: { id: of.reviewId, reviewerId: of.by },
      include: {
        assignment: { select: { id: true, reviewForm: true, reviewsReleasedAt: true } },
        team: { include: { members: true } },
      },
    });
    if (row === null) return refused("This review is not yours to write any more: load the page again.");
    if (row.team.members.some(({ userId }) => userId === of.by)) {
      return refused("This is your own team's presentation: staff give you another one to review.");
    }
    if (row.assignment.reviewsReleasedAt !== null) {
      return refused("The reviews were handed on to the teams already: tell staff if yours has to change.");
    }
    if (of.closed)
      return refused("Reviews are not taken any more: their time is over. Ask staff for an extension.");
    const form = formOf(row.assignment.reviewForm);
    const read = readReview(form, of.typed);
    if (read.outcome === "refused") return read;
    const answers: ReviewAnswers = storedReviewAnswers.write(read.answers);
    await tx.review.update({
      where: { id: row.id },
      data: { answers, form: storedReviewForm.write(form), submittedAt: clock() },
    });
    return done;
  });
}

/** Staff keep one review from its team, or let it go. */
export async function holdReview(
  { db, clock }: ReviewParts,
  of: { assignmentId: string; reviewId: string; by: string; held: boolean },
): Promise<ReviewOutcome> {
  const { assignmentId, reviewId, by, held } = of;
  return db.$transaction(async (tx) => {
    const { count } = await tx.review.updateMany({
      where: { id: reviewId, assignmentId, heldBack: !held },
      data: { heldBack: held },
    });
    if (count === 0) return done;
    const action = held ? "review.hold" : "review.let-go";
    await audit(tx, { assignmentId, by, now: clock(), action, after: { review: reviewId } });
    return done;
  });
}

/** Teams read what was written about them from now on, or no more. */
export async function releaseReviews(
  { db, clock }: ReviewParts,
  { assignmentId, by, released }: { assignmentId: string; by: string; released: boolean },
): Promise<ReviewOutcome> {
  return db.$transaction(async (tx) => {
    const now = clock();
    await tx.assignment.update({
      where: { id: assignmentId },
      data: { reviewsReleasedAt: released ? now : null },
    });
    const action = released ? "review.release" : "review.take-back";
    await audit(tx, { assignmentId, by, now, action, after: { released } });
    return done;
  });
}

const reasons: Record<string, string> = {
  "review.allocate": "Reviews were given out.",
  "review.hold": "A review is kept from its team.",
  "review.let-go": "A review may go to its team.",
  "review.release": "Teams read their reviews.",
  "review.take-back": "Teams read their reviews no more.",
};

async function audit(
  tx: Tx,
  of: { assignmentId: string; by: string; now: Date; action: string; after: Prisma.InputJsonObject },
): Promise<void> {
  const { assignmentId, by, now, action, after } = of;
  await tx.auditEntry.create({
    data: {
      ...{ id: newId("aud", now), at: now, userId: by, action, after, before: Prisma.DbNull },
      ...{ subject: `assignment:${assignmentId}`, reason: reasons[action] ?? "" },
    },
  });
}
