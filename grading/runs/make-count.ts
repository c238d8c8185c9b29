import { checkReason } from "#course/check-reason.ts";
import type { Clock } from "#course/clock.ts";
import type { CountRefusal } from "./counting.ts";
import type { StaffAct } from "./rerun-run.ts";

export type MakeCountOutcome =
  | { outcome: "counts" }
  | { outcome: "refused"; code: CountRefusal["code"] | "no-reason"; message: string };

export interface MakeCountPorts {
  store: {
    /** One transaction, under the submission's lock: whyNotCount decides, the audit says who, before, after and why. */
    makeCount(act: StaffAct, now: Date): Promise<MakeCountOutcome>;
  };
  clock: Clock;
}

/**
 * Makes another graded run its submission's result. Nothing is lost: the same act for the run that counted before
 * takes it back.
 */
export async function makeCount(ports: MakeCountPorts, act: StaffAct): Promise<MakeCountOutcome> {
  const why = checkReason(act.reason);
  if ("message" in why) return { outcome: "refused", code: "no-reason", message: why.message };
  return ports.store.makeCount({ ...act, reason: why.reason }, ports.clock());
}
