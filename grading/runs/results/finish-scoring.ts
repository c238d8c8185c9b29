import { moveRun } from "../move-run.ts";
import type { RunSignal } from "../run-state.ts";
import type { ResultTransaction } from "./result-transaction.ts";
import { type ScoredCheck, scoreRun } from "./score-run.ts";

/** Scores a run whose results are stored. Idempotent; a run in another state is left alone. */
export async function finishScoring(tx: ResultTransaction, runId: string): Promise<void> {
  await tx.lockRun(runId);
  const run = await tx.readRun(runId);
  if (run?.status.state !== "scoring") return;
  const { attempt } = run.status;
  await moveRun(tx, runId, scoreSignal(attempt, await tx.readChecks({ runId, attempt })));
}

function scoreSignal(attempt: number, checks: ScoredCheck[]): RunSignal {
  const score = scoreRun(checks);
  if (score.outcome === "graded") {
    return { type: "scored", attempt, score: score.score, maxScore: score.maxScore };
  }
  return { type: "exercise-fault", attempt, reason: score.reason };
}
