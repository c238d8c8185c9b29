import type { Db } from "#infra/db/client.ts";
import { receiptFields, receiptView } from "./receipt-view.ts";

/** What GET /api/submissions/:id answers. Instants are ISO 8601 in UTC. Throws when there is no such submission. */
export async function findSubmission(db: Db, submissionId: string) {
  const { exercise, files, number, runs, ...submission } = await db.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: {
      ...receiptFields,
      number: true,
      files: true,
      exercise: {
        select: { slug: true, assignment: { select: { slug: true, course: { select: { slug: true } } } } },
      },
      runs: {
        orderBy: { queuedAt: "desc" },
        select: { id: true, state: true, counts: true, score: true, maxScore: true, queuedAt: true },
      },
    },
  });
  const { assignment } = exercise;
  return {
    submission: {
      id: submissionId,
      number,
      exercise: `${assignment.course.slug}/${assignment.slug}/${exercise.slug}`,
      files,
    },
    receipt: receiptView(submission),
    runs: runs.map((run) => ({
      ...run,
      score: run.score === null ? null : Number(run.score),
      maxScore: run.maxScore === null ? null : Number(run.maxScore),
    })),
  };
}
