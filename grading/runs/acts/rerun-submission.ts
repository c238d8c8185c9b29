import { newId } from "#course/ids.ts";
import { countsAtOnce } from "../counting.ts";
import { type RerunAct, type RerunOutcome, type RerunRefusal, refusal, whyNoRerun } from "../rerun-run.ts";
import { type ActTransaction, rerunAction } from "./act-transaction.ts";
import { briefRun } from "./brief-run.ts";
import { lockSubmissionOf } from "./lock-submission-of.ts";
import { noSuchRun } from "./no-such-run.ts";

/** Queues a new run of the same submission by the exercise's current version, when whoever asks may have one. */
export async function rerunSubmission(tx: ActTransaction, act: RerunAct): Promise<RerunOutcome> {
  const submission = await lockSubmissionOf(tx, act.runId, act.as === "student");
  if (submission === null) return noSuchRun(act.runId);
  const { submissionId, runs, version } = submission;
  const asked = await tx.countReruns(submissionId, act.userId);
  const { length: waiting } = await tx.readWaiting(submission);
  const why = whyNoRerun({ as: act.as, runs, asked, waiting });
  if (why !== null) return refused(why);
  if (version === null) return refused(refusal("no-exercise-version"));
  if (version.spec.outcome === "unreadable") return refused(refusal("exercise-unreadable"));
  const counted = runs.find((run) => run.counts) ?? null;
  const counts = countsAtOnce(counted);
  if (counts) await tx.letNoneCount(submissionId);
  const runId = newId("run", tx.now);
  await tx.lockRun(runId);
  await tx.addRun({
    ...{ id: runId, submissionId, exerciseVersionId: version.id },
    ...{ queuedAt: tx.now, counts, byStaff: act.as === "staff" },
  });
  const detail = counts
    ? "Waiting for a machine."
    : "Waiting for a machine. The former result counts until this run is graded.";
  await tx.announce(runId, { state: "queued", attempt: 1, detail });
  await tx.audit(act, {
    action: rerunAction,
    subject: `submission:${submissionId}`,
    before: counted === null ? {} : briefRun(counted),
    after: { run: runId, exerciseVersion: version.id },
  });
  return { outcome: "queued", runId };
}

const refused = (why: RerunRefusal): RerunOutcome => ({ outcome: "refused", ...why });
