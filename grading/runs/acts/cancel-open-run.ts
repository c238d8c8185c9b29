import type { CancelOutcome } from "../cancel-run.ts";
import { moveRun } from "../move-run.ts";
import type { StaffAct } from "../rerun-run.ts";
import type { ActTransaction } from "./act-transaction.ts";
import { noSuchRun } from "./no-such-run.ts";

/** Ends an unfinished run without a result, and its machine with it. */
export async function cancelOpenRun(tx: ActTransaction, act: StaffAct): Promise<CancelOutcome> {
  await tx.lockRun(act.runId);
  const run = await tx.readRun(act.runId);
  if (run === null) return noSuchRun(act.runId);
  const move = await moveRun(tx, act.runId, { type: "cancel", reason: "Cancelled by staff." });
  if (move.outcome === "missing") return noSuchRun(act.runId);
  if (move.outcome !== "moved") return { outcome: "refused", code: "already-ended", message: move.why };
  const { state, attempt } = run.status;
  await tx.audit(act, {
    action: "run.cancel",
    subject: `run:${act.runId}`,
    before: { state, attempt },
    after: { state: move.state.state, attempt: move.state.attempt },
  });
  return { outcome: "cancelled" };
}
