import { runUnderWay } from "#grading/runs/counting.ts";
import { openStates, type RunState } from "#grading/runs/run-state.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** Which runs of a submission lists tell of: the one that counts, and a rerun that has not ended. */
export const listedRuns = {
  OR: [{ counts: true }, { state: { in: openStates } }],
} satisfies Prisma.RunWhereInput;

/** A rerun under way, which counts once it is graded; until then the run that counts does. */
export type RerunBrief = { id: string; state: RunState } | null;

/** The two among the listed runs of one submission. */
export function countedAndRerun<Row extends { id: string; state: RunState; counts: boolean }>(
  runs: readonly Row[],
): { counted: Row | null; rerun: RerunBrief } {
  const rerun = runUnderWay(runs.filter(({ counts }) => !counts));
  return {
    counted: runs.find(({ counts }) => counts) ?? null,
    rerun: rerun && { id: rerun.id, state: rerun.state },
  };
}

/** The database's decimals as numbers. */
export function scoresOf(run: { score: Prisma.Decimal | null; maxScore: Prisma.Decimal | null }) {
  return { score: run.score?.toNumber() ?? null, maxScore: run.maxScore?.toNumber() ?? null };
}
