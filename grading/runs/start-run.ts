import type { Clock } from "#course/clock.ts";
import type { Launcher, LaunchOutcome } from "../machines/launching/launcher.ts";
import { isNearDeadline, type WaitingForMarket } from "../machines/launching/near-deadline.ts";
import { leaseFor } from "../machines/lease.ts";
import type { LaunchError } from "../machines/provider.ts";
import type { FleetTimings } from "../machines/timings.ts";
import type { Attempt } from "../protocol/attempt.ts";
import type { ClaimOutcome, StartLimits, StartRunPorts } from "./ports.ts";
import { noMachineSentence } from "./queue/no-machine.ts";

export interface StartRunSettings {
  fleetMax: number;
  /** Names this worker process in claims. */
  worker: string;
  timings: FleetTimings;
  /**
   * Whether a machine may be had on demand where spot has none and a deadline is near; its price is held against the limits
   * as any is. Asked at each look at the queue, so it waits for nobody. Without it all wait for spot.
   */
  onDemandAllowed?: (() => boolean) | undefined;
}

export type StartOutcome =
  | { outcome: "started"; machineId: string; instanceId: string }
  /** It has a machine of the pool. */
  | { outcome: "taken"; machineId: string }
  | { outcome: "waiting" | "not-queued" | "not-gradable" | "given-up"; why: string }
  /** No machine was to be had; the run is queued again and launches pause. */
  | { outcome: "no-machine"; kind: LaunchError["kind"]; why: string }
  /** Whether a machine exists is not known; the machine's own call, or the boot timeout, decides. */
  | { outcome: "unclear"; machineId: string; cause: unknown };

/**
 * Starts one queued run: claims it and gives it a machine of the pool, or writes a machine's row and asks the provider
 * for its machine. Everything after that is driven by the machine's calls and the reconcilers, so that dying at any
 * line loses nothing.
 */
export class RunStarter {
  constructor(
    private readonly ports: StartRunPorts,
    private readonly launcher: Launcher,
    private readonly settings: StartRunSettings,
    private readonly clock: Clock,
  ) {}

  /** Of whose machines there is an image, and no pause after a failed launch. */
  get limits(): StartLimits {
    const { timings, onDemandAllowed } = this.settings;
    const ready = this.ports.images.ready();
    return {
      machineKinds: ready.filter((machineKind) => !this.launcher.isPaused(machineKind)),
      filesAway: this.launcher.filesAway,
      leaseOf: (exercise) => leaseFor(exercise, timings, this.clock()),
      usdPerHourOf: (machineKind, market) => this.launcher.knownPriceOf(machineKind, market),
      ...(onDemandAllowed?.() && {
        onDemand: {
          machineKinds: ready.filter((machineKind) => this.launcher.canGoOnDemand(machineKind)),
          isNear: (run: WaitingForMarket) => isNearDeadline(run, timings, this.clock()),
        },
      }),
    };
  }

  async start(runId: string): Promise<StartOutcome> {
    const { store } = this.ports;
    let claim = await this.#claim(runId);
    if (claim.outcome === "unpriced") {
      const price = await this.launcher.askPriceOf(claim.machineKind, claim.market);
      if (price.outcome === "failed") {
        return { outcome: "no-machine", kind: price.error.kind, why: price.error.message };
      }
      claim = await this.#claim(runId);
      // A clock that jumped meanwhile made the price too old.
      if (claim.outcome === "unpriced")
        return { outcome: "waiting", why: "The price has to be asked again." };
    }
    if (claim.outcome !== "claimed") return claim;
    const run = { runId, attempt: claim.attempt };
    const launch = await this.launcher.launch(
      claim.machineKind,
      claim.leaseUntil,
      (machine) => store.requestMachine(run, machine),
      claim.market,
      claim.usdPerHour,
    );
    switch (launch.outcome) {
      case "launched":
        return { ...launch, outcome: "started" };
      case "no-machine":
        return this.#noMachine(run, launch);
      default:
        return launch;
    }
  }

  #claim(runId: string): Promise<ClaimOutcome> {
    const { fleetMax, worker } = this.settings;
    return this.ports.store.claimRun(runId, { fleetMax, worker, ...this.limits });
  }

  async #noMachine(
    run: Attempt,
    { machineId, error }: LaunchOutcome & { outcome: "no-machine" },
  ): Promise<StartOutcome> {
    await this.ports.store.giveBack(run, machineId, noMachineSentence(error.kind, this.launcher.provider));
    return { outcome: "no-machine", kind: error.kind, why: error.message };
  }
}
