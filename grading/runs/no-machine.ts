import type { LaunchError } from "../clusters/provider.ts";

/** What the student is told whose run waits after a launch that failed. The launcher has told staff by then. */
export const noMachineSentences: Record<LaunchError["kind"], string> = {
  "insufficient-capacity": "No machine is free at the provider right now.",
  throttled: "The provider asks Drydock to slow down.",
  misconfigured: "Drydock cannot start machines at the moment; staff have been told.",
};
