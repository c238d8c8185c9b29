import { isPaused, type LaunchPause, nextPause } from "./launch-pause.ts";
import type { LaunchError, MachineProfile } from "./provider.ts";
import type { FleetTimings } from "./timings.ts";

type ProfileName = MachineProfile["name"];

/** Whether a failed launch says nothing of the machine that was asked for, and all of who was asked. */
const ofWholeProvider: Record<LaunchError["kind"], boolean> = {
  "insufficient-capacity": false,
  throttled: true,
  // Such as an image that is missing. Where the whole set-up is wrong, each profile finds so by itself.
  misconfigured: false,
};

/** After failed launches: a profile whose machines cannot be had keeps none of another from being asked for. */
export class LaunchPauses {
  readonly #ofProfile = new Map<ProfileName, LaunchPause>();
  #ofAll: LaunchPause | null = null;

  constructor(private readonly timings: Pick<FleetTimings, "launchPauseMs">) {}

  /** While true, asking for a machine of this profile is pointless. */
  isPaused(profile: ProfileName, now: Date): boolean {
    return isPaused(this.#ofAll, now) || isPaused(this.#ofProfile.get(profile) ?? null, now);
  }

  failed(profile: ProfileName, kind: LaunchError["kind"], now: Date): void {
    if (ofWholeProvider[kind]) this.#ofAll = nextPause(this.#ofAll, kind, this.timings, now);
    else
      this.#ofProfile.set(profile, nextPause(this.#ofProfile.get(profile) ?? null, kind, this.timings, now));
  }

  launched(profile: ProfileName): void {
    this.#ofAll = null;
    this.#ofProfile.delete(profile);
  }

  /** What its machines lacked is there again. */
  mended(profile: ProfileName): void {
    this.#ofProfile.delete(profile);
  }
}
