import { newId } from "#course/ids.ts";
import type { CancelOutcome, CancelPorts } from "#grading/runs/cancel-run.ts";
import { type RerunOutcome, type RerunPorts, type StaffAct, whyNoRerun } from "#grading/runs/rerun-run.ts";
import type { Db, Tx } from "#infra/db/client.ts";
import type { MoveContext } from "./fleet-mover.ts";
import { announce, lockRun, moveRun } from "./run-store.ts";

/** What staff may do to runs, each as one audited transaction. The worker's loops see the rest. */
export function createFleetActs(db: Db): RerunPorts["store"] & CancelPorts["store"] {
  return {
    rerun: (act, now) => db.$transaction((tx) => rerun(tx, act, now)),
    cancel: (act, now) => db.$transaction((tx) => cancel({ tx, now, after: new Set(), told: [] }, act)),
  };
}

async function rerun(tx: Tx, act: StaffAct, now: Date): Promise<RerunOutcome> {
  const former = await tx.run.findUnique({ where: { id: act.runId }, select: { submissionId: true } });
  if (former === null) return { outcome: "refused", code: "no-such-run", message: noSuchRun(act.runId) };
  const { submissionId } = former;
  // Two reruns at once would both find nothing under way.
  await tx.$executeRaw`SELECT 1 FROM submission WHERE id = ${submissionId} FOR UPDATE`;
  const submission = await tx.submission.findUniqueOrThrow({
    where: { id: submissionId },
    select: {
      runs: { select: { id: true, state: true, counts: true, score: true } },
      exercise: { select: { versions: { where: { current: true }, select: { id: true } } } },
    },
  });
  const why = whyNoRerun(submission.runs);
  if (why !== null) return { outcome: "refused", code: "still-under-way", message: why };
  const version = submission.exercise.versions[0];
  if (!version) {
    const message = "The exercise has no current version: load the course again, then rerun.";
    return { outcome: "refused", code: "no-exercise-version", message };
  }
  const counted = submission.runs.find((run) => run.counts);
  await tx.run.updateMany({ where: { submissionId, counts: true }, data: { counts: false } });
  const runId = newId("run", now);
  await tx.run.create({ data: { id: runId, submissionId, exerciseVersionId: version.id, queuedAt: now } });
  await announce(tx, runId, { state: "queued", attempt: 1, detail: "Waiting for a machine." }, now);
  await audit(tx, act, now, {
    action: "run.rerun",
    subject: `submission:${submissionId}`,
    before: counted
      ? { run: counted.id, state: counted.state, score: counted.score?.toString() ?? null }
      : {},
    after: { run: runId, exerciseVersion: version.id },
  });
  return { outcome: "queued", runId };
}

async function cancel(context: MoveContext, act: StaffAct): Promise<CancelOutcome> {
  const { tx, now } = context;
  await lockRun(tx, act.runId);
  const before = await tx.run.findUnique({
    where: { id: act.runId },
    select: { state: true, attempt: true },
  });
  const move = await moveRun(context, act.runId, { type: "cancel", reason: "Cancelled by staff." });
  if (before === null || move.outcome === "missing") {
    return { outcome: "refused", code: "no-such-run", message: noSuchRun(act.runId) };
  }
  if (move.outcome !== "moved") return { outcome: "refused", code: "already-ended", message: move.why };
  await audit(tx, act, now, {
    action: "run.cancel",
    subject: `run:${act.runId}`,
    before,
    after: { state: move.state.state, attempt: move.state.attempt },
  });
  return { outcome: "cancelled" };
}

const noSuchRun = (runId: string) => `There is no run ${runId}.`;

async function audit(
  tx: Tx,
  act: StaffAct,
  now: Date,
  entry: { action: string; subject: string; before: object; after: object },
): Promise<void> {
  const { userId, reason } = act;
  await tx.auditEntry.create({ data: { id: newId("aud", now), at: now, userId, reason, ...entry } });
}
