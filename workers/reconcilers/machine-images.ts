import type { MachineImages } from "#grading/machines/machine-images.ts";
import type { MachineProfile } from "#grading/machines/provider.ts";
import { actOnEach } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** The one of Docker exercises is there when a worker starts; it can be removed later. */
const profiles: readonly MachineProfile["name"][] = ["docker", "kubernetes"];

/**
 * Has the image of a profile made when the first run waits for one, and tells the runs that wait how far it is. What
 * they wait for costs them nothing: they are not claimed, and hold up no run of another profile.
 */
export function machineImages(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "log">,
  images: Pick<MachineImages, "ask">,
): Reconciler {
  // A worker before this one may have told something and ended.
  const mayHaveTold = new Set(profiles);
  const look = async (profile: MachineProfile["name"]) => {
    if (!(await parts.sweeps.areQueued(profile))) return;
    const reason = images.ask(profile);
    // A run that is queued again for another reason keeps that.
    if (reason === null && !mayHaveTold.has(profile)) return;
    const runs = await parts.sweeps.toldOther(profile, "machine_image", reason);
    await actOnEach(parts.log, "machine-images", runs, (run) =>
      parts.store.tellWaiting(run, "machine_image", reason),
    );
    if (reason === null) mayHaveTold.delete(profile);
    else mayHaveTold.add(profile);
  };
  return {
    name: "machine-images",
    everyMs: parts.timings.every.machineImages,
    pass: () => actOnEach(parts.log, "machine-images", profiles, look),
  };
}
