import { newId } from "#course/ids.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { CancelOutcome, CancelPorts } from "#grading/runs/cancel-run.ts";
import { countsAtOnce, whyNotCount } from "#grading/runs/counting.ts";
import type { MakeCountOutcome, MakeCountPorts } from "#grading/runs/make-count.ts";
import {
  type RerunAct,
  type RerunOutcome,
  type RerunPorts,
  type RerunRefusal,
  refusal,
  type StaffAct,
  whyNoRerun,
} from "#grading/runs/rerun-run.ts";
import type { Db, Tx } from "#infra/db/connection/client.ts";
import type { MoveContext } from "../machines/fleet-mover.ts";
import { announce, letCount, lockRun, lockStudent, lockSubmission, moveRun } from "./run-store.ts";

/** What people may do to runs, each as one audited transaction. The worker's loops see the rest. */
export function createFleetActs(
  db: Db,
): RerunPorts["store"] & CancelPorts["store"] & MakeCountPorts["store"] {
  return {
    rerun: (act, now) => db.$transaction((tx) => rerun(tx, act, now)),
    cancel: (act, now) => db.$transaction((tx) => cancel({ tx, now, after: new Set(), told: [] }, act)),
    makeCount: (act, now) => db.$transaction((tx) => makeCount(tx, act, now)),
  };
}

const submissionFields = {
  userId: true,
  exerciseId: true,
  runs: { select: { id: true, state: true, reasonCode: true, counts: true, score: true } },
  exercise: { select: { versions: { where: { current: true }, select: { id: true, spec: true } } } },
} as const;

/** The submission of a run, read under its lock, and its student's where wanted; null when there is no such run. */
async function lockSubmissionOf(tx: Tx, runId: string, ofStudent = false) {
  const run = await tx.run.findUnique({
    where: { id: runId },
    select: { submissionId: true, submission: { select: { userId: true } } },
  });
  if (run === null) return null;
  const { submissionId } = run;
  // The bound of what waits is counted over all that the student has handed in.
  if (ofStudent) await lockStudent(tx, run.submission.userId);
  await lockSubmission(tx, submissionId);
  const where = { id: submissionId };
  const submission = await tx.submission.findUniqueOrThrow({ where, select: submissionFields });
  return { submissionId, ...submission };
}

async function rerun(tx: Tx, act: RerunAct, now: Date): Promise<RerunOutcome> {
  const submission = await lockSubmissionOf(tx, act.runId, act.as === "student");
  if (submission === null) return refused(noSuchRun(act.runId));
  const { submissionId, runs, exercise } = submission;
  const subject = `submission:${submissionId}`;
  const asked = await timesRerun(tx, submissionId, act.userId);
  const waiting = await countWaiting(tx, submission);
  const why = whyNoRerun({ as: act.as, runs, asked, waiting });
  if (why !== null) return refused(why);
  const [version] = exercise.versions;
  const unfit = whyUnfit(version);
  if (version === undefined || unfit !== null) return refused(unfit ?? refusal("no-exercise-version"));
  const counted = runs.find((run) => run.counts) ?? null;
  const counts = countsAtOnce(counted);
  if (counts) await tx.run.updateMany({ where: { submissionId, counts: true }, data: { counts: false } });
  const runId = newId("run", now);
  await lockRun(tx, runId);
  const byStaff = act.as === "staff";
  const data = { id: runId, submissionId, exerciseVersionId: version.id, queuedAt: now, counts, byStaff };
  await tx.run.create({ data });
  const detail = counts
    ? "Waiting for a machine."
    : "Waiting for a machine. The former result counts until this run is graded.";
  await announce(tx, runId, { state: "queued", attempt: 1, detail }, now);
  await audit(tx, act, now, {
    action: rerunAction,
    subject,
    before: counted === null ? {} : brief(counted),
    after: { run: runId, exerciseVersion: version.id },
  });
  return { outcome: "queued", runId };
}

/** Runs of one student and exercise that wait in the queue. */
export function countWaiting(
  db: Tx,
  { userId, exerciseId }: { userId: string; exerciseId: string },
): Promise<number> {
  return db.run.count({ where: { state: "queued", submission: { userId, exerciseId } } });
}

const rerunAction = "run.rerun";

/**
 * How often this person had the submission run again: the audit knows. One that was cancelled before it had a result,
 * by newer submissions or by staff, is not counted: nothing was tried.
 */
export async function timesRerun(db: Tx, submissionId: string, userId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ times: number }[]>`
    SELECT count(*)::int AS times FROM audit_entry a
    LEFT JOIN run r ON r.id = a.after->>'run'
    WHERE a.action = ${rerunAction} AND a.subject = ${`submission:${submissionId}`} AND a.user_id = ${userId}
      AND r.state IS DISTINCT FROM 'cancelled'`;
  return row?.times ?? 0;
}

/** Why nothing can be graded by this version; null when something can. */
function whyUnfit(version: { spec: unknown } | undefined): RerunRefusal | null {
  if (version === undefined) return refusal("no-exercise-version");
  return storedSpec.read(version.spec).outcome === "read" ? null : refusal("exercise-unreadable");
}

async function makeCount(tx: Tx, act: StaffAct, now: Date): Promise<MakeCountOutcome> {
  const submission = await lockSubmissionOf(tx, act.runId);
  const why = whyNotCount(submission?.runs ?? [], act.runId);
  if (submission === null || why !== null) return refused(why ?? noSuchRun(act.runId));
  const { submissionId, runs } = submission;
  const before = runs.find((run) => run.counts);
  const after = runs.find((run) => run.id === act.runId);
  await letCount(tx, { id: act.runId, submissionId });
  await audit(tx, act, now, {
    action: "run.make-count",
    subject: `submission:${submissionId}`,
    before: before ? brief(before) : {},
    after: after ? brief(after) : {},
  });
  return { outcome: "counts" };
}

async function cancel(context: MoveContext, act: StaffAct): Promise<CancelOutcome> {
  const { tx, now } = context;
  await lockRun(tx, act.runId);
  const before = await tx.run.findUnique({
    where: { id: act.runId },
    select: { state: true, attempt: true },
  });
  const move = await moveRun(context, act.runId, { type: "cancel", reason: "Cancelled by staff." });
  if (before === null || move.outcome === "missing") return refused(noSuchRun(act.runId));
  if (move.outcome !== "moved") return { outcome: "refused", code: "already-ended", message: move.why };
  await audit(tx, act, now, {
    action: "run.cancel",
    subject: `run:${act.runId}`,
    before,
    after: { state: move.state.state, attempt: move.state.attempt },
  });
  return { outcome: "cancelled" };
}

const refused = <Refusal extends object>(why: Refusal) => ({ outcome: "refused" as const, ...why });
const noSuchRun = (runId: string) => ({
  code: "no-such-run" as const,
  message: `There is no run ${runId}.`,
});

/** A run as the audit names it. */
const brief = (run: { id: string; state: string; score: { toString(): string } | null }) => ({
  run: run.id,
  state: run.state,
  score: run.score?.toString() ?? null,
});

async function audit(
  tx: Tx,
  act: StaffAct,
  now: Date,
  entry: { action: string; subject: string; before: object; after: object },
): Promise<void> {
  const { userId, reason } = act;
  await tx.auditEntry.create({ data: { id: newId("aud", now), at: now, userId, reason, ...entry } });
}
