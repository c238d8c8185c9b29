import type { MachineProfile } from "./provider.ts";

/** The longest that each thing in a machine may take to start, seconds; the agent gives up when it takes longer. */
export const startLimits = { engine: 90, kubernetes: 90 };

/** The longest from the agent's first call to the first check, seconds: what starts is no time of the exercise's own. */
export function startSeconds(profile: MachineProfile["name"]): number {
  return startLimits.engine + (profile === "kubernetes" ? startLimits.kubernetes : 0);
}
