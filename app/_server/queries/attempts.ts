import { latePolicy } from "#course/deadlines/late-policy.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { type Counting, whichCounts } from "./which-counts.ts";

/** One submission of a student as tables show it. */
export interface AttemptRow extends Counting {
  submissionId: string;
  number: number;
  fileName: string;
  bytes: number;
  receivedAt: string;
  late: boolean;
  /** The counted run; null when it was cancelled away. */
  run: { id: string; state: RunState; score: number | null; maxScore: number | null } | null;
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
  runs: { where: { counts: true }, select: { id: true, state: true, score: true, maxScore: true } },
} satisfies Prisma.SubmissionSelect;
type SubmissionRow = Prisma.SubmissionGetPayload<{ select: typeof attemptFields }>;

/** All submissions of one student to one exercise, newest first, with which one counts and why. */
export function attemptRows(submissions: SubmissionRow[], policy: Prisma.JsonValue): AttemptRow[] {
  const rows = submissions.map(({ runs: [run], ...submission }) => ({
    ...submission,
    run: run
      ? {
          id: run.id,
          state: run.state,
          score: run.score === null ? null : Number(run.score),
          maxScore: run.maxScore === null ? null : Number(run.maxScore),
        }
      : null,
  }));
  const counting = whichCounts(rows, latePolicy.parse(policy));
  return rows
    .map(
      (row, index): AttemptRow => ({
        ...(counting[index] ?? { counts: false, points: null, penaltyPercent: 0, why: "" }),
        submissionId: row.id,
        number: row.number,
        fileName: row.fileName,
        bytes: Number(row.bytes),
        receivedAt: row.receivedAt.toISOString(),
        late: row.late,
        run: row.run,
      }),
    )
    .sort((a, b) => b.number - a.number);
}
