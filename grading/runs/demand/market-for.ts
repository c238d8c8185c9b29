import type { WaitingForMarket } from "../../machines/launching/near-deadline.ts";
import type { MachineKind } from "../../machines/machine-kind.ts";
import type { Market } from "../../machines/provider.ts";
import type { StartLimits } from "../ports.ts";

/** Where a machine for this run is asked for now; null: nowhere, so only one of the pool will do. */
export function marketFor(
  run: WaitingForMarket & { machineKind: MachineKind },
  { machineKinds, onDemand }: Pick<StartLimits, "machineKinds" | "onDemand">,
): Market | null {
  if (machineKinds.includes(run.machineKind)) return "spot";
  return onDemand?.machineKinds.includes(run.machineKind) && onDemand.isNear(run) ? "on-demand" : null;
}
