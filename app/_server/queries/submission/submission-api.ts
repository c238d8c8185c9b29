import { storedFiles } from "#grading/submissions/stored-files.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Actor, SubjectOf } from "../../access/permissions.ts";
import { deadlineInForce } from "../course/assignment-deadline.ts";
import { judgedFor } from "./judged-for.ts";
import { receiptFields, receiptView } from "./receipt-view.ts";

/**
 * What GET /api/submissions/:id answers. Instants are ISO 8601 in UTC. The receipt says what was true when the work
 * was received; lateness is by the deadline in force now, the reader's where it is their team's, else the sender's. Throws when there is no such submission.
 */
export async function findSubmission(
  db: Db,
  actor: Pick<Actor, "userId">,
  subject: SubjectOf<"submission.view">,
) {
  const { submissionId } = subject;
  const judged = judgedFor(actor, subject);
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
              extensions: { where: { userId: judged.userId }, select: { dueAt: true } },
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
      lateness: judged.latenessOf(submission, deadlineInForce(assignment)),
    },
    receipt: receiptView({ number, ...submission }),
    runs: runs.map((run) => ({
      ...run,
      score: run.score === null ? null : Number(run.score),
      maxScore: run.maxScore === null ? null : Number(run.maxScore),
    })),
  };
}
