import type { MachineKind } from "../machine-kind.ts";
import type { LaunchError, Market } from "../provider.ts";
import type { FleetTimings } from "../timings.ts";
import { isPaused, type LaunchPause, nextPause, troubleOf } from "./launch-pause.ts";

/** Of what a failed launch says something: of all who are asked, of one market, of one kind, or of a kind in a market. */
const says: Record<LaunchError["kind"], "all" | "market" | "kind" | "offer"> = {
  "insufficient-capacity": "offer",
  // Of vCPUs, whatever they are for; each market has its own.
  quota: "market",
  throttled: "all",
  unreachable: "all",
  // Such as an image that is missing. Where the whole set-up is wrong, each kind finds so by itself.
  misconfigured: "kind",
};

/** After failed launches: what cannot be had keeps nothing else from being asked for. */
export class LaunchPauses {
  /** By what they are said of. */
  readonly #pauses = new Map<string, LaunchPause>();
  /** Whoever asks the provider all the time gets no answer. */
  #silent = false;

  constructor(private readonly timings: Pick<FleetTimings, "launchPauseMs">) {}

  /** While true, asking for a machine of this kind is pointless. */
  isPaused(machineKind: MachineKind, now: Date, market: Market = "spot"): boolean {
    return this.#silent || this.#of(machineKind, market).some((pause) => isPaused(pause, now));
  }

  /** Why no machine of this kind can be had, until there was time to try again; null: no such reason. */
  troubleOf(machineKind: MachineKind, now: Date): LaunchError["kind"] | null {
    if (this.#silent) return "unreachable";
    const troubles = this.#of(machineKind, "spot").map((pause) => troubleOf(pause, now));
    return troubles.find((trouble) => trouble !== null) ?? null;
  }

  /** Whether the provider answered when it was asked; true: it does again after it was silent. */
  hear(answers: boolean): boolean {
    const again = answers && this.#silent;
    // What failed because nobody answered needs no pause any more.
    if (again && this.#pauses.get("all")?.kind === "unreachable") this.#pauses.delete("all");
    this.#silent = !answers;
    return again;
  }

  failed(machineKind: MachineKind, kind: LaunchError["kind"], now: Date, market: Market = "spot"): void {
    this.#pause(keys(machineKind, market)[says[kind]], kind, now);
  }

  /**
   * That its price could not be had. Of what costs more it is asked elsewhere than machines are, so that one says nothing
   * of any other market.
   */
  unpriced(machineKind: MachineKind, kind: LaunchError["kind"], now: Date, market: Market): void {
    const of = keys(machineKind, market);
    const alone = market === "spot" ? of : { ...of, all: of.market, kind: of.offer };
    this.#pause(alone[says[kind]], kind, now);
  }

  #pause(key: string, kind: LaunchError["kind"], now: Date): void {
    this.#pauses.set(key, nextPause(this.#pauses.get(key) ?? null, kind, this.timings, now));
  }

  launched(machineKind: MachineKind, market: Market = "spot"): void {
    for (const key of Object.values(keys(machineKind, market))) this.#pauses.delete(key);
  }

  /** What its machines lacked is there again. */
  mended(machineKind: MachineKind): void {
    for (const market of ["spot", "on-demand"] as const) {
      const { kind, offer } = keys(machineKind, market);
      for (const key of [kind, offer]) this.#pauses.delete(key);
    }
  }

  #of(machineKind: MachineKind, market: Market): (LaunchPause | null)[] {
    const { all, market: ofMarket, kind, offer } = keys(machineKind, market);
    return [all, ofMarket, kind, offer].map((key) => this.#pauses.get(key) ?? null);
  }
}

const keys = (machineKind: MachineKind, market: Market) => ({
  all: "all",
  market: `market ${market}`,
  kind: `kind ${machineKind}`,
  offer: `offer ${machineKind} ${market}`,
});
