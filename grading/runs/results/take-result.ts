import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import { AgentRefusal } from "../../protocol/agent-service.ts";
import type { Attempt } from "../../protocol/attempt.ts";
import type { RunFault, RunResult } from "../../protocol/messages.ts";
import { exerciseUnreadable } from "../exercise-unreadable.ts";
import { faultInWords } from "../fault-in-words.ts";
import { moveRun } from "../move-run.ts";
import type { ResultTransaction } from "./result-transaction.ts";
import { scoreRun } from "./score-run.ts";
import { verifyResult } from "./verify-result.ts";

export type Reported =
  /** stored: now, so scoring comes next. known: before, nothing changed. fault: it could not be graded there. */
  | { outcome: "stored" | "known" | "fault" }
  /** The machine said what the exercise does not allow; the attempt is over. why is for the log. */
  | { outcome: "mismatch"; why: string };

/**
 * Takes a machine's result, in one transaction: the check results are stored with the step to scoring, or the run
 * goes back to the queue. Throws AgentRefusal 409 for an attempt that is over.
 */
export async function takeResult(
  tx: ResultTransaction,
  { runId, attempt }: Attempt,
  result: RunResult,
): Promise<Reported> {
  await tx.lockRun(runId);
  const run = await tx.readRun(runId);
  const over = new AgentRefusal(409, "attempt-over", `Attempt ${result.attempt} of this run is over.`);
  if (result.runId !== runId || result.attempt !== attempt || run?.status.attempt !== attempt) throw over;
  const { state } = run.status;
  if (state === "scoring" || state === "graded") return { outcome: "known" };
  if (state !== "running") {
    if ((await tx.countChecks({ runId, attempt })) > 0) return { outcome: "known" };
    throw over;
  }
  const fault = (reason: string) => moveRun(tx, runId, { type: "platform-fault", attempt, reason });
  const spec = await tx.readSpec(runId);
  if (spec.outcome === "unreadable") {
    await moveRun(tx, runId, exerciseUnreadable(attempt, spec.why));
    return { outcome: "fault" };
  }
  if (result.outcome !== "graded") {
    return takeFault(tx, { runId, attempt }, result.outcome, result.fault, spec.value);
  }
  const verified = verifyResult(spec.value, result.checks);
  if (verified.outcome === "refused") {
    await fault("The machine's result did not fit the exercise.");
    return { outcome: "mismatch", why: verified.why };
  }
  const score = scoreRun(verified.checks);
  if (score.outcome === "platform-fault") {
    await fault(score.reason);
    return { outcome: "fault" };
  }
  await moveRun(tx, runId, { type: "results-stored", attempt });
  await tx.addChecks({ runId, attempt }, verified.checks);
  tx.after("scoring");
  return { outcome: "stored" };
}

/** What the machine says of its fault is kept where only staff look; everybody reads a sentence of Drydock's own. */
async function takeFault(
  tx: ResultTransaction,
  run: Attempt,
  outcome: "platform_fault" | "check_fault",
  fault: RunFault | null,
  spec: ExerciseSpec,
): Promise<Reported> {
  const { runId, attempt } = run;
  const words = faultInWords(outcome, fault, spec);
  await moveRun(
    tx,
    runId,
    outcome === "check_fault"
      ? { type: "check-fault", attempt, ...words, triedAgain: fault?.triedAgain ?? false }
      : { type: "platform-fault", attempt, ...words },
  );
  await tx.keepStaffDetail(run, fault?.detail ?? null);
  return { outcome: "fault" };
}
