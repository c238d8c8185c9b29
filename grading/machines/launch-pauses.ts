import { isPaused, type LaunchPause, nextPause, troubleOf } from "./launch-pause.ts";
import type { LaunchError, MachineProfile } from "./provider.ts";
import type { FleetTimings } from "./timings.ts";

type ProfileName = MachineProfile["name"];

/** Whether a failed launch says nothing of the machine that was asked for, and all of who was asked. */
const ofWholeProvider: Record<LaunchError["kind"], boolean> = {
  "insufficient-capacity": false,
  throttled: true,
  unreachable: true,
  // Such as an image that is missing. Where the whole set-up is wrong, each profile finds so by itself.
  misconfigured: false,
};

/** After failed launches: a profile whose machines cannot be had keeps none of another from being asked for. */
export class LaunchPauses {
  readonly #ofProfile = new Map<ProfileName, LaunchPause>();
  #ofAll: LaunchPause | null = null;
  /** Whoever asks the provider all the time gets no answer. */
  #silent = false;

  constructor(private readonly timings: Pick<FleetTimings, "launchPauseMs">) {}

  /** While true, asking for a machine of this profile is pointless. */
  isPaused(profile: ProfileName, now: Date): boolean {
    return this.#silent || isPaused(this.#ofAll, now) || isPaused(this.#of(profile), now);
  }

  /** Why no machine of this profile can be had, until there was time to try again; null: no such reason. */
  troubleOf(profile: ProfileName, now: Date): LaunchError["kind"] | null {
    return this.#silent ? "unreachable" : (troubleOf(this.#ofAll, now) ?? troubleOf(this.#of(profile), now));
  }

  /** Whether the provider answered when it was asked; true: it does again after it was silent. */
  hear(answers: boolean): boolean {
    const again = answers && this.#silent;
    // What failed because nobody answered needs no pause any more.
    if (again && this.#ofAll?.kind === "unreachable") this.#ofAll = null;
    this.#silent = !answers;
    return again;
  }

  failed(profile: ProfileName, kind: LaunchError["kind"], now: Date): void {
    if (ofWholeProvider[kind]) this.#ofAll = nextPause(this.#ofAll, kind, this.timings, now);
    else this.#ofProfile.set(profile, nextPause(this.#of(profile), kind, this.timings, now));
  }

  launched(profile: ProfileName): void {
    this.#ofAll = null;
    this.#ofProfile.delete(profile);
  }

  /** What its machines lacked is there again. */
  mended(profile: ProfileName): void {
    this.#ofProfile.delete(profile);
  }

  #of(profile: ProfileName): LaunchPause | null {
    return this.#ofProfile.get(profile) ?? null;
  }
}
