import type { MachineKind } from "../machine-kind.ts";
import type { LaunchError } from "../provider.ts";
import type { FleetTimings } from "../timings.ts";
import { isPaused, type LaunchPause, nextPause, troubleOf } from "./launch-pause.ts";

/** Whether a failed launch says nothing of the machine that was asked for, and all of who was asked. */
const ofWholeProvider: Record<LaunchError["kind"], boolean> = {
  "insufficient-capacity": false,
  // Of vCPUs, whatever they are for.
  quota: true,
  throttled: true,
  unreachable: true,
  // Such as an image that is missing. Where the whole set-up is wrong, each kind finds so by itself.
  misconfigured: false,
};

/** After failed launches: a kind whose machines cannot be had keeps none of another from being asked for. */
export class LaunchPauses {
  readonly #ofKind = new Map<MachineKind, LaunchPause>();
  #ofAll: LaunchPause | null = null;
  /** Whoever asks the provider all the time gets no answer. */
  #silent = false;

  constructor(private readonly timings: Pick<FleetTimings, "launchPauseMs">) {}

  /** While true, asking for a machine of this kind is pointless. */
  isPaused(machineKind: MachineKind, now: Date): boolean {
    return this.#silent || isPaused(this.#ofAll, now) || isPaused(this.#of(machineKind), now);
  }

  /** Why no machine of this kind can be had, until there was time to try again; null: no such reason. */
  troubleOf(machineKind: MachineKind, now: Date): LaunchError["kind"] | null {
    return this.#silent
      ? "unreachable"
      : (troubleOf(this.#ofAll, now) ?? troubleOf(this.#of(machineKind), now));
  }

  /** Whether the provider answered when it was asked; true: it does again after it was silent. */
  hear(answers: boolean): boolean {
    const again = answers && this.#silent;
    // What failed because nobody answered needs no pause any more.
    if (again && this.#ofAll?.kind === "unreachable") this.#ofAll = null;
    this.#silent = !answers;
    return again;
  }

  failed(machineKind: MachineKind, kind: LaunchError["kind"], now: Date): void {
    if (ofWholeProvider[kind]) this.#ofAll = nextPause(this.#ofAll, kind, this.timings, now);
    else this.#ofKind.set(machineKind, nextPause(this.#of(machineKind), kind, this.timings, now));
  }

  launched(machineKind: MachineKind): void {
    this.#ofAll = null;
    this.#ofKind.delete(machineKind);
  }

  /** What its machines lacked is there again. */
  mended(machineKind: MachineKind): void {
    this.#ofKind.delete(machineKind);
  }

  #of(machineKind: MachineKind): LaunchPause | null {
    return this.#ofKind.get(machineKind) ?? null;
  }
}
