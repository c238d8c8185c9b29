import { newId } from "#course/ids.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { specUnreadable, storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import type { CheckOutcome, RunFault, RunResult } from "#grading/protocol/messages.ts";
import { faultInWords } from "#grading/runs/fault-in-words.ts";
import type { RunSignal } from "#grading/runs/run-state.ts";
import { type ScoredCheck, scoreRun } from "#grading/runs/score-run.ts";
import { storable } from "#grading/runs/storable.ts";
import { storedMessage, storedTimeline } from "#grading/runs/stored-results.ts";
import { verifyResult } from "#grading/runs/verify-result.ts";
import type { MoveContext } from "../machines/fleet-mover.ts";
import { lockRun, moveRun } from "./run-store.ts";

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
  context: MoveContext,
  run: { runId: string; attempt: number },
  result: RunResult,
): Promise<Reported> {
  const { tx } = context;
  await lockRun(tx, run.runId);
  const row = await tx.run.findUniqueOrThrow({
    where: { id: run.runId },
    select: { attempt: true, state: true, exerciseVersion: { select: { spec: true } } },
  });
  const over = new AgentRefusal(409, "attempt-over", `Attempt ${result.attempt} of this run is over.`);
  if (result.runId !== run.runId || result.attempt !== run.attempt || row.attempt !== run.attempt) throw over;
  const { state } = row;
  if (state === "scoring" || state === "graded") return { outcome: "known" };
  if (state !== "running") {
    const stored = await tx.checkResult.count({ where: { runId: run.runId, attempt: run.attempt } });
    if (stored > 0) return { outcome: "known" };
    throw over;
  }
  const fault = (reason: string) =>
    moveRun(context, run.runId, { type: "platform-fault", attempt: run.attempt, reason });
  const stored = storedSpec.read(row.exerciseVersion.spec);
  if (stored.outcome === "unreadable") {
    await moveRun(context, run.runId, unreadable(run.attempt, stored.why));
    return { outcome: "fault" };
  }
  const spec = stored.value;
  if (result.outcome !== "graded") return takeFault(context, run, result.outcome, result.fault, spec);
  const verified = verifyResult(spec, result.checks);
  if (verified.outcome === "refused") {
    await fault("The machine's result did not fit the exercise.");
    return { outcome: "mismatch", why: verified.why };
  }
  const score = scoreRun(verified.checks);
  if (score.outcome === "platform-fault") {
    await fault(score.reason);
    return { outcome: "fault" };
  }
  await moveRun(context, run.runId, { type: "results-stored", attempt: run.attempt });
  await tx.checkResult.createMany({
    data: verified.checks.map((check, position) => checkRow(context, run, check, position)),
  });
  context.after.add("scoring");
  return { outcome: "stored" };
}

/** The run ends: no other machine would read its exercise either. why: for staff. */
export const unreadable = (attempt: number, why: string): RunSignal => ({
  type: "exercise-fault",
  attempt,
  reason: specUnreadable,
  staffReason: why,
});

/** What the machine says of its fault is kept where only staff look; everybody reads a sentence of Drydock's own. */
async function takeFault(
  context: MoveContext,
  { runId, attempt }: { runId: string; attempt: number },
  outcome: "platform_fault" | "check_fault",
  fault: RunFault | null,
  spec: ExerciseSpec,
): Promise<Reported> {
  const words = faultInWords(outcome, fault, spec);
  await moveRun(
    context,
    runId,
    outcome === "check_fault"
      ? { type: "check-fault", attempt, ...words, triedAgain: fault?.triedAgain ?? false }
      : { type: "platform-fault", attempt, ...words },
  );
  const staffDetail = fault === null ? null : storable(fault.detail);
  await context.tx.runClaim.updateMany({ where: { runId, attempt }, data: { staffDetail } });
  return { outcome: "fault" };
}

function checkRow(
  context: MoveContext,
  run: { runId: string; attempt: number },
  check: CheckOutcome,
  position: number,
) {
  const { id, message, timeline, ...rest } = storable(check);
  return {
    ...rest,
    message: storedMessage.write(message),
    ...(timeline === undefined ? {} : { timeline: storedTimeline.write(timeline) }),
    id: newId("chk", context.now),
    checkId: id,
    runId: run.runId,
    attempt: run.attempt,
    position,
    startedAt: check.startedAt === null ? null : new Date(check.startedAt),
  };
}

/** Scores a run whose results are stored. Idempotent; a run in another state is left alone. */
export async function finishScoring(context: MoveContext, runId: string): Promise<void> {
  const { tx } = context;
  await lockRun(tx, runId);
  const run = await tx.run.findUnique({ where: { id: runId }, select: { state: true, attempt: true } });
  if (run?.state !== "scoring") return;
  const rows = await tx.checkResult.findMany({
    where: { runId, attempt: run.attempt },
    orderBy: { position: "asc" },
  });
  const checks = rows.map((row) => ({
    ...row,
    points: Number(row.points),
    maxPoints: Number(row.maxPoints),
  }));
  await moveRun(context, runId, scoreSignal(run.attempt, checks));
}

function scoreSignal(attempt: number, checks: ScoredCheck[]): RunSignal {
  const score = scoreRun(checks);
  if (score.outcome === "graded") {
    return { type: "scored", attempt, score: score.score, maxScore: score.maxScore };
  }
  return { type: "exercise-fault", attempt, reason: score.reason };
}
