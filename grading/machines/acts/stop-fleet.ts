import { stoppedNotice } from "#grading/runs/demand/money-notices.ts";
import { moveMachine } from "../move-machine.ts";
import type { FleetAct, FleetActTransaction } from "./fleet-act.ts";

const subject = "fleet:all";

export type StopOutcome =
  | { outcome: "stopped"; endedIdle: number }
  /** It was stopped before; who and why stays as it was said then. */
  | { outcome: "stopped-already"; endedIdle: number };

/**
 * From this transaction's commit on no run is claimed and no machine launched, whichever worker looks: claims are made
 * under the fleet's lock and look here. What was claimed before goes on, and so does every run. drain: machines that
 * wait in the pool end too.
 */
export async function stopFleet(
  tx: FleetActTransaction,
  act: FleetAct,
  { drain }: { drain: boolean },
): Promise<StopOutcome> {
  await tx.lockFleet();
  const before = await tx.readStop();
  const stop = { at: tx.now, by: act.by, reason: act.reason };
  if (before === null) await tx.saveStop(stop);
  const idle = drain ? await tx.findIdle() : [];
  for (const id of idle)
    await moveMachine(tx, id, {
      type: "drain",
      code: "by_staff",
      reason: `Staff drained the pool. ${act.reason}`,
    });
  if (before === null || drain)
    await tx.audit(act, {
      action: drain ? "fleet.drain" : "fleet.stop",
      subject,
      before: { stopped: before !== null },
      after: { stopped: true, ...(drain && { ended: idle }) },
    });
  if (before !== null) return { outcome: "stopped-already", endedIdle: idle.length };
  await tx.tellStaff(stoppedNotice(stop));
  return { outcome: "stopped", endedIdle: idle.length };
}

export type ResumeOutcome = { outcome: "resumed" } | { outcome: "not-stopped" };

/** Machines are launched again; the queue is looked at by the worker's next look. */
export async function resumeFleet(tx: FleetActTransaction, act: FleetAct): Promise<ResumeOutcome> {
  await tx.lockFleet();
  const stop = await tx.readStop();
  if (stop === null) return { outcome: "not-stopped" };
  await tx.removeStop();
  await tx.audit(act, {
    action: "fleet.resume",
    subject,
    before: { stopped: true, since: stop.at.toISOString(), by: stop.by, reason: stop.reason },
    after: { stopped: false },
  });
  await tx.settleNotice(stoppedNotice(stop));
  tx.after("queued");
  return { outcome: "resumed" };
}
