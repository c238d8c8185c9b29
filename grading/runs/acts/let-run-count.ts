import { whyNotCount } from "../counting.ts";
import type { MakeCountOutcome } from "../make-count.ts";
import type { StaffAct } from "../rerun-run.ts";
import type { ActTransaction } from "./act-transaction.ts";
import { briefRun } from "./brief-run.ts";
import { lockSubmissionOf } from "./lock-submission-of.ts";
import { noSuchRun } from "./no-such-run.ts";

/** Makes another graded run its submission's result, under the submission's lock. */
export async function letRunCount(tx: ActTransaction, act: StaffAct): Promise<MakeCountOutcome> {
  const submission = await lockSubmissionOf(tx, act.runId);
  if (submission === null) return noSuchRun(act.runId);
  const { submissionId, runs } = submission;
  const why = whyNotCount(runs, act.runId);
  if (why !== null) return { outcome: "refused", ...why };
  const before = runs.find((run) => run.counts);
  const after = runs.find((run) => run.id === act.runId);
  await tx.letCount({ id: act.runId, submissionId });
  await tx.audit(act, {
    action: "run.make-count",
    subject: `submission:${submissionId}`,
    before: before ? briefRun(before) : {},
    after: after ? briefRun(after) : {},
  });
  return { outcome: "counts" };
}
