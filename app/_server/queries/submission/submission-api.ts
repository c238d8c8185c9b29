import { latenessOf } from "#course/deadlines/lateness.ts";
import { storedFiles } from "#grading/submissions/stored-files.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { deadlineInForce } from "../course/assignment-deadline.ts";
import { receiptFields, receiptView } from "./receipt-view.ts";

/**
 * What GET /api/submissions/:id answers. Instants are ISO 8601 in UTC. The receipt says what was true when the work
 * was received; lateness is by the owner's deadline in force now. Throws when there is no such submission.
 */
export async function findSubmission(db: Db, submissionId: string, ownerId: string) {
  const { exercise, files, number, runs, ...submission } = await db.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: {
      ...receiptFields,
      files: true,
      exercise: {
        select: {
          slug: true,
          assignment: {
            include: {
              course: { select: { slug: true } },
              extensions: { where: { userId: ownerId }, select: { dueAt: true } },
            },
          },
        },
      },
      runs: {
        orderBy: { queuedAt: "desc" },
        select: { id: true, state: true, counts: true, score: true, maxScore: true, queuedAt: true },
      },
    },
  });
  const { assignment } = exercise;
  const listed = storedFiles.read(files);
  return {
    submission: {
      id: submissionId,
      number,
      exercise: `${assignment.course.slug}/${assignment.slug}/${exercise.slug}`,
      // null where the stored list cannot be read; the files themselves can be fetched.
      files: listed.outcome === "read" ? listed.value : null,
      lateness: latenessOf(submission, deadlineInForce(assignment)),
    },
    receipt: receiptView({ number, ...submission }),
    runs: runs.map((run) => ({
      ...run,
      score: run.score === null ? null : Number(run.score),
      maxScore: run.maxScore === null ? null : Number(run.maxScore),
    })),
  };
}
