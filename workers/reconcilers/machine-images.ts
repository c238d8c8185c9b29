import type { MachineImages } from "#grading/machines/machine-images.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Has the image of a kind of machine made when the first run waits for one, and tells the runs that wait how far it is. What
 * they wait for costs them nothing: they are not claimed, and hold up no run of another kind.
 */
export function machineImages(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "log">,
  images: Pick<MachineImages, "ask">,
): Reconciler {
  // Of the others a worker before this one may have told something and ended.
  const nothingTold = new Set<MachineKind>();
  const look = async (machineKind: MachineKind) => {
    const reason = images.ask(machineKind);
    // A run that is queued again for another reason keeps that.
    if (reason === null && nothingTold.has(machineKind)) return;
    const runs = await parts.sweeps.toldOther(machineKind, "machine_image", reason);
    await actOnEach(parts.log, "machine-images", runs, (run) =>
      parts.store.tellWaiting(run, "machine_image", reason),
    );
    if (reason === null) nothingTold.add(machineKind);
    else nothingTold.delete(machineKind);
  };
  return {
    name: "machine-images",
    everyMs: parts.timings.every.machineImages,
    pass: async () => actOnEach(parts.log, "machine-images", await parts.sweeps.queuedKinds(), look),
  };
}
