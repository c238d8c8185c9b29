import { type CancelAct, type CancelOutcome, cancelRefusals } from "../cancel-run.ts";
import { moveRun } from "../move-run.ts";
import { isFinal } from "../run-state.ts";
import type { ActTransaction } from "./act-transaction.ts";
import { noSuchRun } from "./no-such-run.ts";

/** Ends an unfinished run without a result, and its machine with it; for its student only one that waits. */
export async function cancelOpenRun(tx: ActTransaction, act: CancelAct): Promise<CancelOutcome> {
  await tx.lockRun(act.runId);
  const run = await tx.readRun(act.runId);
  if (run === null) return noSuchRun(act.runId);
  const { state, attempt } = run.status;
  if (act.as === "student" && !isFinal(state)) {
    if (state !== "queued") return refused("begun-already");
    if (await staffAskedFor(tx, run)) return refused("queued-by-staff");
  }
  const move = await moveRun(
    tx,
    act.runId,
    act.as === "student" ? { type: "withdraw" } : { type: "cancel", reason: "Cancelled by staff." },
  );
  if (move.outcome === "missing") return noSuchRun(act.runId);
  if (move.outcome !== "moved") return { outcome: "refused", code: "already-ended", message: move.why };
  await tx.audit(act, {
    action: "run.cancel",
    subject: `run:${act.runId}`,
    before: { state, attempt },
    after: { state: move.state.state, attempt: move.state.attempt },
  });
  return { outcome: "cancelled" };
}

const refused = (code: keyof typeof cancelRefusals): CancelOutcome => ({
  ...{ outcome: "refused", code, message: cancelRefusals[code] },
});

async function staffAskedFor(
  tx: ActTransaction,
  run: { id: string; submissionId: string },
): Promise<boolean> {
  const waiting = await tx.readWaiting(await tx.readSubmission(run.submissionId));
  return waiting.some(({ id, byStaff }) => id === run.id && byStaff);
}
