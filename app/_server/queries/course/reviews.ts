import {
  type Criterion,
  type ReviewAnswers,
  storedReviewAnswers,
  storedReviewForm,
} from "#course/reviews/review-form.ts";
import { formOf } from "#infra/db/course/review-store.ts";
import type { Services } from "../../services.ts";
import { deadlineInForce } from "./assignment-deadline.ts";

/** A review that was written, with the form of that time. */
export interface WrittenReview {
  form: Criterion[];
  answers: ReviewAnswers;
}

export interface OwnReview {
  id: string;
  talk: string;
  team: string[];
  written: WrittenReview | null;
}

/** Of one presentation, as its team reads it: no name, no time, in an order that tells nothing. */
export interface ReceivedReviews {
  talk: string;
  reviews: (WrittenReview & { id: string })[];
}

export interface StaffReview extends WrittenReview {
  id: string;
  by: string;
  heldBack: boolean;
}

export interface StaffReviews {
  /** How far each is. */
  reviewers: { userId: string; name: string; section: string | null; given: number; written: number }[];
  talks: { title: string; team: string[]; given: number; reviews: StaffReview[] }[];
}

export interface ReviewsView {
  assignment: { id: string; slug: string; title: string; each: number };
  released: boolean;
  form: Criterion[];
  /** The reader's to write. */
  own: OwnReview[];
  /** null: not the reader's, or not released. */
  received: ReceivedReviews | null;
  /** Of staff. */
  staff: StaffReviews | null;
}

/** Where reviews of a course are: its first assignment that has them. null: it has none. */
export async function findReviews({ db }: Services, courseId: string) {
  return db.assignment.findFirst({
    where: { courseId, reviewsEach: { not: null } },
    orderBy: [{ position: "asc" }, { slug: "asc" }],
    select: { id: true, slug: true },
  });
}

/** Peer reviews as one reader sees them; null: the course has none. */
export async function readReviews(
  services: Services,
  courseId: string,
  reader: { userId: string; isStaff: boolean },
): Promise<ReviewsView | null> {
  const { db } = services;
  const found = await findReviews(services, courseId);
  if (found === null) return null;
  const assignment = await db.assignment.findUniqueOrThrow({ where: { id: found.id } });
  const { id, slug, title, reviewsEach, reviewForm, reviewsReleasedAt } = assignment;
  const released = reviewsReleasedAt !== null;
  return {
    assignment: { id, slug, title, each: reviewsEach ?? 0 },
    released,
    form: formOf(reviewForm),
    own: await listOwn(services, id, reader.userId),
    received: released && !reader.isStaff ? await readReceived(services, id, reader.userId) : null,
    staff: reader.isStaff ? await readForStaff(services, id) : null,
  };
}

/** Of one person: what they are to write, and what they wrote. */
async function listOwn({ db }: Services, assignmentId: string, userId: string): Promise<OwnReview[]> {
  const rows = await db.review.findMany({
    where: { assignmentId, reviewerId: userId },
    orderBy: { id: "asc" },
    select: { id: true, form: true, answers: true, team: teamFields },
  });
  return rows.map(({ id, team, ...row }) => ({ id, ...talkOf(team), written: writtenOf(row) }));
}

async function readReceived(
  { db }: Services,
  assignmentId: string,
  userId: string,
): Promise<ReceivedReviews | null> {
  const team = await db.team.findFirst({
    where: { members: { some: { userId } }, talk: { isNot: null }, reviews: { some: { assignmentId } } },
    select: {
      talk: { select: { title: true } },
      reviews: {
        where: { assignmentId, heldBack: false, submittedAt: { not: null } },
        // Drawn at random: neither who wrote it nor when.
        orderBy: { id: "asc" },
        select: { id: true, form: true, answers: true },
      },
    },
  });
  if (team === null) return null;
  const reviews = team.reviews.flatMap(({ id, ...row }) => {
    const written = writtenOf(row);
    return written === null ? [] : [{ id, ...written }];
  });
  return { talk: team.talk?.title ?? "", reviews };
}

async function readForStaff({ db }: Services, assignmentId: string): Promise<StaffReviews> {
  const rows = await db.review.findMany({
    where: { assignmentId },
    orderBy: { id: "asc" },
    include: {
      team: teamFields,
      reviewer: {
        select: {
          name: true,
          enrollments: {
            where: { course: { assignments: { some: { id: assignmentId } } } },
            select: { section: { select: { code: true } } },
          },
        },
      },
    },
  });
  const reviewers = new Map<string, StaffReviews["reviewers"][number]>();
  const talks = new Map<string, StaffReviews["talks"][number]>();
  for (const { id, reviewerId, teamId, reviewer, team, heldBack, ...row } of rows) {
    const written = writtenOf(row);
    const section = reviewer.enrollments[0]?.section?.code ?? null;
    const who = reviewers.get(reviewerId) ?? {
      userId: reviewerId,
      name: reviewer.name,
      section,
      given: 0,
      written: 0,
    };
    reviewers.set(reviewerId, { ...who, given: who.given + 1, written: who.written + (written ? 1 : 0) });
    const { talk: title, team: names } = talkOf(team);
    const talk = talks.get(teamId) ?? { title, team: names, given: 0, reviews: [] };
    talk.given += 1;
    if (written) talk.reviews.push({ id, by: reviewer.name, heldBack, ...written });
    talks.set(teamId, talk);
  }
  return {
    reviewers: [...reviewers.values()].sort((a, b) => a.written - b.written || (a.name < b.name ? -1 : 1)),
    talks: [...talks.values()].sort((a, b) => (a.title < b.title ? -1 : 1)),
  };
}

const teamFields = {
  select: {
    talk: { select: { title: true } },
    members: { orderBy: { joinedAt: "asc" }, select: { user: { select: { name: true } } } },
  },
} as const;

const talkOf = (team: { talk: { title: string } | null; members: { user: { name: string } }[] }) => ({
  talk: team.talk?.title ?? "A talk that is no more",
  team: team.members.map(({ user }) => user.name),
});

function writtenOf(row: { form: unknown; answers: unknown }): WrittenReview | null {
  if (row.answers === null) return null;
  const [form, answers] = [storedReviewForm.read(row.form), storedReviewAnswers.read(row.answers)];
  return form.outcome === "read" && answers.outcome === "read"
    ? { form: form.value, answers: answers.value }
    : null;
}

/** Reviews that wait for this person to write them. */
export const countWaitingReviews = ({ db }: Services, courseId: string, userId: string): Promise<number> =>
  db.review.count({
    where: { reviewerId: userId, submittedAt: null, assignment: { courseId, reviewsReleasedAt: null } },
  });

/** Whether reviews are not taken of this person any more. */
export async function reviewsClosed(
  { db, clock }: Services,
  assignmentId: string,
  userId: string,
): Promise<boolean> {
  const row = await db.assignment.findUniqueOrThrow({
    where: { id: assignmentId },
    include: { extensions: { where: { userId }, select: { dueAt: true } } },
  });
  const { closesAt } = deadlineInForce(row);
  return closesAt !== null && closesAt <= clock();
}
