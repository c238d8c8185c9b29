import { ownWork } from "#infra/db/course/own-work.ts";
import type { Services } from "../../services.ts";
import { deadlineInForce } from "../course/assignment-deadline.ts";
import { sharedExercises, shareOf } from "../course/exercise-shares.ts";
import { type AttemptRow, attemptFields, attemptRows } from "../run/attempts.ts";

export interface HistoryRow extends AttemptRow {
  assignment: { slug: string; title: string };
  exercise: { slug: string; title: string };
}

export interface History {
  submissions: HistoryRow[];
  refusals: { id: string; exercise: string; fileName: string; message: string; receivedAt: string }[];
}

/** Everything that one person, or their team, handed in to a course, newest first, and what was refused. */
export async function listHistory({ db }: Services, courseId: string, userId: string): Promise<History> {
  const exercises = await db.exercise.findMany({
    where: { assignment: { courseId } },
    include: {
      assignment: {
        include: { extensions: { where: { userId }, select: { dueAt: true } }, exercises: sharedExercises },
      },
      submissions: { where: await ownWork(db, userId), select: attemptFields },
      refusals: { where: { userId }, orderBy: { receivedAt: "desc" }, take: 50 },
    },
  });
  const submissions = exercises.flatMap(
    ({ id, assignment, slug, title, collectMegabytes, submissions: own }) =>
      attemptRows(own, {
        ...{ userId, inForce: deadlineInForce(assignment), share: shareOf(assignment, id) },
        collected: collectMegabytes !== null,
      }).map((row) => ({
        ...row,
        assignment: { slug: assignment.slug, title: assignment.title },
        exercise: { slug, title },
      })),
  );
  const refusals = exercises.flatMap(({ title, refusals: own }) =>
    own.map(({ id, fileName, message, receivedAt }) => ({
      id,
      exercise: title,
      fileName,
      message,
      receivedAt: receivedAt.toISOString(),
    })),
  );
  return {
    submissions: submissions.sort(newestFirst),
    refusals: refusals.sort(newestFirst),
  };
}

const newestFirst = (a: { receivedAt: string }, b: { receivedAt: string }) =>
  b.receivedAt.localeCompare(a.receivedAt);
