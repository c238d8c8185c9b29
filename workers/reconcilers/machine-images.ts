import type { MachineImages } from "#grading/clusters/machine-images.ts";
import type { MachineProfile } from "#grading/clusters/provider.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** The other profile's is there when a worker starts. */
const madeOnDemand: MachineProfile["name"] = "kubernetes";

/**
 * Has the image of a profile made when the first run waits for one, and tells the runs that wait how far it is. What
 * they wait for costs them nothing: they are not claimed, and hold up no run of another profile.
 */
export function machineImages(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "log">,
  images: Pick<MachineImages, "ask">,
): Reconciler {
  // A worker before this one may have told something and ended.
  let mayHaveTold = true;
  return {
    name: "machine-images",
    everyMs: parts.timings.every.machineImages,
    pass: async () => {
      if (!(await parts.sweeps.areQueued(madeOnDemand))) return;
      const reason = images.ask(madeOnDemand);
      // A run that is queued again for another reason keeps that.
      if (reason === null && !mayHaveTold) return;
      const runs = await parts.sweeps.toldOther(madeOnDemand, "machine_image", reason);
      await actOnEach(parts.log, "machine-images", runs, (run) =>
        parts.store.tellWaiting(run, "machine_image", reason),
      );
      mayHaveTold = reason !== null;
    },
  };
}
