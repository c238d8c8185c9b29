import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import { isPaused, type LaunchPause, nextPause } from "../clusters/launch-pause.ts";
import { leaseFor } from "../clusters/lease.ts";
import { LaunchError, type LaunchSpec, type Machine, type MachineProfile } from "../clusters/provider.ts";
import type { FleetTimings } from "../clusters/timings.ts";
import type { StartRunPorts } from "./ports.ts";

export interface StartRunSettings {
  deployment: string;
  /** Where agents call, as the machine sees it. */
  agentAddress: string;
  fleetMax: number;
  machines: Record<MachineProfile["name"], { cpus: number; memoryMiB: number }>;
  /** Names this worker process in claims. */
  worker: string;
  timings: FleetTimings;
}

export type StartOutcome =
  | { outcome: "started"; clusterId: string; machineId: string }
  | { outcome: "waiting" | "not-queued" | "given-up"; why: string }
  /** No machine was to be had; the run is queued again and launches pause. */
  | { outcome: "no-machine"; kind: LaunchError["kind"]; why: string }
  /** Whether a machine exists is not known; the machine's own call, or the boot timeout, decides. */
  | { outcome: "unclear"; clusterId: string; cause: unknown };

/**
 * Starts one queued run: claims it, writes the cluster's row, asks the provider for the machine. Everything
 * after that is driven by the machine's calls and the reconcilers, so that dying at any line loses nothing.
 */
export class RunStarter {
  #pause: LaunchPause | null = null;

  constructor(
    private readonly ports: StartRunPorts,
    private readonly settings: StartRunSettings,
    private readonly clock: Clock,
  ) {}

  /** While true, starting runs is pointless. */
  get paused(): boolean {
    return isPaused(this.#pause, this.clock());
  }

  async start(runId: string): Promise<StartOutcome> {
    if (this.paused) return { outcome: "waiting", why: "Launches pause after a failed one." };
    const { store } = this.ports;
    const { fleetMax, worker } = this.settings;
    const profiles = this.ports.images.ready();
    const claim = await store.claimRun(runId, { fleetMax, worker, profiles });
    if (claim.outcome !== "claimed") return claim;
    const run = { runId, attempt: claim.attempt };
    const name = claim.spec.profile;
    const profile = { name, ...this.settings.machines[name] };
    const asked = await this.#price(profile);
    if (asked.outcome === "failed") return this.#noMachine(run, null, asked.error);
    const clusterId = newId("clu", this.clock());
    const { token, hash } = this.ports.tokens.make();
    const leaseUntil = leaseFor(claim.spec, this.settings.timings, this.clock());
    const requested = await store.requestCluster(run, {
      id: clusterId,
      provider: this.ports.provider.name,
      profile: profile.name,
      tokenHash: hash,
      leaseUntil,
      usdPerHour: asked.usdPerHour,
    });
    if (!requested) return { outcome: "given-up", why: "The run was cancelled or taken back meanwhile." };
    return this.#launch(run, {
      deployment: this.settings.deployment,
      clusterId,
      profile,
      userData: { agentAddress: this.settings.agentAddress, token, leaseUntil: leaseUntil.toISOString() },
    });
  }

  async #price(
    profile: LaunchSpec["profile"],
  ): Promise<{ outcome: "ok"; usdPerHour: number } | { outcome: "failed"; error: LaunchError }> {
    try {
      return { outcome: "ok", usdPerHour: await this.ports.provider.priceOf(profile, this.clock()) };
    } catch (cause) {
      if (cause instanceof LaunchError) return { outcome: "failed", error: cause };
      // No machine was asked for yet, so nothing can be left behind: the same as a provider that is busy.
      const error = new LaunchError("throttled", "The provider did not state its price.", { cause });
      return { outcome: "failed", error };
    }
  }

  async #launch(run: { runId: string; attempt: number }, spec: LaunchSpec): Promise<StartOutcome> {
    const launchedAt = this.clock();
    let machine: Machine;
    try {
      machine = await this.#launchTwice(spec);
    } catch (cause) {
      if (cause instanceof LaunchError) return this.#noMachine(run, spec.clusterId, cause);
      return { outcome: "unclear", clusterId: spec.clusterId, cause };
    }
    this.#pause = null;
    const recorded = await this.ports.store.recordLaunch(spec.clusterId, machine.machineId, launchedAt);
    if (recorded === "ended") {
      await this.ports.provider.terminate(machine.machineId);
      return { outcome: "given-up", why: "The cluster was given up while its machine was launched." };
    }
    return { outcome: "started", clusterId: spec.clusterId, machineId: machine.machineId };
  }

  /** Launching is idempotent by cluster id, so a lost reply is answered by asking once more. */
  async #launchTwice(spec: LaunchSpec): Promise<Machine> {
    try {
      return await this.ports.provider.launch(spec);
    } catch (error) {
      if (error instanceof LaunchError) throw error;
      return this.ports.provider.launch(spec);
    }
  }

  async #noMachine(
    run: { runId: string; attempt: number },
    clusterId: string | null,
    error: LaunchError,
  ): Promise<StartOutcome> {
    const first = this.#pause?.kind !== error.kind;
    this.#pause = nextPause(this.#pause, error.kind, this.settings.timings, this.clock());
    await this.ports.store.giveBack(run, clusterId, studentSentences[error.kind]);
    if (error.kind === "misconfigured" && first) {
      await this.ports.store.tellStaff({
        action: "fleet.misconfigured",
        subject: clusterId === null ? `run:${run.runId}` : `cluster:${clusterId}`,
        reason: `No machine can be started: ${error.message}`,
      });
    }
    return { outcome: "no-machine", kind: error.kind, why: error.message };
  }
}

const studentSentences: Record<LaunchError["kind"], string> = {
  "insufficient-capacity": "No machine is free at the provider right now.",
  throttled: "The provider asks Drydock to slow down.",
  misconfigured: "Drydock cannot start machines at the moment; staff have been told.",
};
