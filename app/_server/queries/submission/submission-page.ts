import type { Lateness } from "#course/deadlines/lateness.ts";
import { numberOf, runOrder } from "#grading/runs/counting.ts";
import type { RunReasonCode, RunState } from "#grading/runs/run-state.ts";
import { storedFiles } from "#grading/submissions/stored-files.ts";
import { type Actor, owns, type SubjectOf } from "../../access/permissions.ts";
import type { Services } from "../../services.ts";
import { deadlineInForce } from "../course/assignment-deadline.ts";
import { sharedExercises, shareOf } from "../course/exercise-shares.ts";
import type { ReceiptView } from "../run/run-view.ts";
import { type RerunRight, rerunRight, type StudentRerunView, studentRerun } from "../run/student-rerun.ts";
import { judgedFor } from "./judged-for.ts";
import { receiptFields, receiptView } from "./receipt-view.ts";

export interface SubmissionPageView {
  number: number;
  /** No machine grades it: there is no run. */
  collected: boolean;
  /** null where the stored list cannot be read; the files themselves are there. */
  files: { path: string; bytes: number }[] | null;
  receipt: ReceiptView;
  /** By the deadline in force now, of the reader where it is their team's, else of the student; the receipt says what was true when it was received. */
  lateness: Lateness;
  student: { id: string; name: string };
  /** The reader's, or of a team that they are in. */
  own: boolean;
  /** Who is in the team for which it was handed in; null: it is the student's alone. */
  team: string[] | null;
  course: { id: string; slug: string; code: string; title: string; timeZone: string };
  assignment: { slug: string; title: string };
  exercise: { slug: string; title: string };
  /** What the exercise is worth in the course; null while nobody knows. */
  share: number | null;
  rerun: StudentRerunView & { may: RerunRight };
  /** Newest first. */
  runs: {
    id: string;
    /** 1 for the first. */
    number: number;
    reason: string | null;
    reasonCode: RunReasonCode | null;
    platformFaults: number;
    state: RunState;
    counts: boolean;
    score: number | null;
    maxScore: number | null;
    queuedAt: string;
    finishedAt: string | null;
  }[];
}

/** A submission and its owner by the ids that requirePage allowed. */
export async function findSubmissionPage(
  { db }: Services,
  actor: Actor,
  subject: SubjectOf<"submission.view">,
): Promise<SubmissionPageView> {
  const { submissionId, ownerId, memberIds, courseId } = subject;
  const judged = judgedFor(actor, subject);
  const row = await db.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: {
      ...receiptFields,
      files: true,
      user: { select: { id: true, name: true } },
      team: {
        select: { members: { orderBy: { joinedAt: "asc" }, select: { user: { select: { name: true } } } } },
      },
      exercise: {
        select: {
          id: true,
          slug: true,
          title: true,
          collectMegabytes: true,
          assignment: {
            include: {
              course: true,
              extensions: { where: { userId: judged.userId }, select: { dueAt: true } },
              exercises: sharedExercises,
            },
          },
        },
      },
      runs: { orderBy: runOrder },
    },
  });
  const { assignment, id: exerciseId, collectMegabytes, ...exercise } = row.exercise;
  const files = storedFiles.read(row.files);
  return {
    number: row.number,
    collected: collectMegabytes !== null,
    files: files.outcome === "read" ? files.value : null,
    receipt: receiptView(row),
    lateness: judged.latenessOf(row, deadlineInForce(assignment)),
    student: row.user,
    own: owns(actor.userId, subject),
    team: row.team?.members.map(({ user }) => user.name) ?? null,
    course: assignment.course,
    assignment: { slug: assignment.slug, title: assignment.title },
    exercise,
    share: shareOf(assignment, exerciseId),
    rerun: {
      may: rerunRight(actor, { courseId, ownerId, memberIds, runId: row.runs[0]?.id ?? "" }),
      ...(await studentRerun(db, { id: submissionId, userId: ownerId, exerciseId, runs: row.runs })),
    },
    runs: row.runs.toReversed().map((run) => ({
      id: run.id,
      number: numberOf(run, row.runs),
      reason: run.reason,
      reasonCode: run.reasonCode,
      platformFaults: run.platformFaults,
      state: run.state,
      counts: run.counts,
      score: run.score === null ? null : Number(run.score),
      maxScore: run.maxScore === null ? null : Number(run.maxScore),
      queuedAt: run.queuedAt.toISOString(),
      finishedAt: run.finishedAt?.toISOString() ?? null,
    })),
  };
}
