import type { EffectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import { type Lateness, latenessForMember, latenessOf } from "#course/deadlines/lateness.ts";
import { courseWorth, type Worth } from "#course/gradebook/course-worth.ts";
import { type Attempt, type Counting, whichCounts } from "#course/gradebook/which-counts.ts";
import { isFinal, type RunReasonCode, type RunState } from "#grading/runs/run-state.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { countedAndRerun, listedRuns, type RerunBrief, scoresOf } from "./counted-and-rerun.ts";

/** One submission of a student, or of their team, as tables show it to them. */
export interface AttemptRow extends Counting {
  submissionId: string;
  number: number;
  fileName: string;
  bytes: number;
  receivedAt: string;
  /** Who of the reader's team sent it; null: the reader. */
  sentBy: string | null;
  /** Nothing grades it: there is no run, and never was. */
  collected: boolean;
  /** By the reader's own deadline. */
  lateness: Lateness;
  /** Its points in the course's, after the deduction for lateness; null while nobody knows the exercise's share. */
  worth: Worth | null;
  /** The counted run; null when it was cancelled away, and of what is only collected. */
  run: {
    id: string;
    state: RunState;
    reasonCode: RunReasonCode | null;
    score: number | null;
    maxScore: number | null;
  } | null;
  rerun: RerunBrief;
}

/** What attemptRows needs of each submission. */
export const attemptFields = {
  id: true,
  number: true,
  fileName: true,
  bytes: true,
  receivedAt: true,
  dueAt: true,
  late: true,
  userId: true,
  user: { select: { name: true } },
  runs: {
    where: listedRuns,
    select: { id: true, state: true, reasonCode: true, counts: true, score: true, maxScore: true },
  },
} satisfies Prisma.SubmissionSelect;
type SubmissionRow = Prisma.SubmissionGetPayload<{ select: typeof attemptFields }>;

/** In whose eyes: the deadline is theirs as it is now; share: see exerciseShares. */
interface Standpoint {
  userId: string;
  inForce: EffectiveDeadline;
  share: number | null;
  /** The exercise only collects. */
  collected: boolean;
}

/**
 * All submissions to one exercise that are one student's (ownWork), newest first, with which one counts for them and
 * why.
 */
export function attemptRows(
  submissions: SubmissionRow[],
  { userId, inForce, share, collected }: Standpoint,
): AttemptRow[] {
  const rows = submissions.map(({ runs, ...submission }) => {
    const { counted, rerun } = countedAndRerun(runs);
    const own = submission.userId === userId;
    const { tooLate, ...lateness } = own
      ? { ...latenessOf(submission, inForce), tooLate: false }
      : latenessForMember(submission, inForce);
    return {
      ...submission,
      ...{ lateness, tooLate, sentBy: own ? null : submission.user.name },
      run: counted && briefOf(counted),
      rerun,
    };
  });
  const counting = whichCounts(
    rows.map(({ number, lateness, tooLate, run }) => ({
      ...{ number, tooLate },
      penaltyPercent: lateness.penaltyPercent,
      result: collected ? ({ state: "received", score: null } as const) : resultOf(run),
    })),
  );
  return rows
    .map((row, index): AttemptRow => {
      const counted = counting[index] ?? { counts: false, points: null, why: "" };
      return {
        ...counted,
        submissionId: row.id,
        number: row.number,
        fileName: row.fileName,
        bytes: Number(row.bytes),
        receivedAt: row.receivedAt.toISOString(),
        sentBy: row.sentBy,
        collected,
        lateness: row.lateness,
        worth: courseWorth({ points: counted.points, of: row.run?.maxScore ?? null }, share),
        run: row.run,
        rerun: row.rerun,
      };
    })
    .sort((a, b) => b.number - a.number || b.receivedAt.localeCompare(a.receivedAt));
}

function resultOf(run: AttemptRow["run"]): Attempt["result"] {
  if (run === null) return null;
  const { state, reasonCode, score } = run;
  if (!isFinal(state)) return { state: "waiting", score };
  if (state === "cancelled") {
    return reasonCode === "superseded" || reasonCode === "withdrawn" ? { state: reasonCode, score } : null;
  }
  return { state: state === "graded" ? "graded" : "not-gradable", score };
}

function briefOf(run: SubmissionRow["runs"][number]): NonNullable<AttemptRow["run"]> {
  return { id: run.id, state: run.state, reasonCode: run.reasonCode, ...scoresOf(run) };
}
