import type { LaunchOutcome } from "../clusters/launcher.ts";
import type { LaunchError } from "../clusters/provider.ts";
import type { StaffNotice } from "./ports.ts";

/** What a failed launch is to the student whose run waits, and to staff; null where it is not theirs to mend. */
export function launchFailure({ clusterId, error, first }: LaunchOutcome & { outcome: "no-machine" }): {
  sentence: string;
  notice: StaffNotice | null;
} {
  const sentence = studentSentences[error.kind];
  if (error.kind !== "misconfigured" || !first) return { sentence, notice: null };
  return {
    sentence,
    notice: {
      action: "fleet.misconfigured",
      subject: clusterId === null ? "fleet:launch" : `cluster:${clusterId}`,
      reason: `No machine can be started: ${error.message}`,
    },
  };
}

const studentSentences: Record<LaunchError["kind"], string> = {
  "insufficient-capacity": "No machine is free at the provider right now.",
  throttled: "The provider asks Drydock to slow down.",
  misconfigured: "Drydock cannot start machines at the moment; staff have been told.",
};
