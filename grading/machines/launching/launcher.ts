import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { NoticeKey, TellStaff } from "../../notices/staff-notice.ts";
import { type MachineKind, type MachineSize, sizeOf, titleOf } from "../machine-kind.ts";
import {
  type Instance,
  LaunchError,
  type LaunchSpec,
  type MachineProvider,
  type MachineShape,
  type Market,
  type Offering,
  type UserData,
} from "../provider.ts";
import type { FleetTimings } from "../timings.ts";
import { LaunchPauses } from "./launch-pauses.ts";

export interface LauncherSettings {
  installation: string;
  /** What people call it. */
  deployment: string;
  /** Where agents call, as the machine sees it. */
  agentAddress: string;
  /** What machines need in their user data that have to fetch their agent, or are told of interruptions. */
  instances?: Pick<UserData, "agentSha256" | "gatewayCa" | "metadataAddress">;
  /** Of each facility, as the operator set it. */
  sizes: Readonly<Record<string, MachineSize>>;
  timings: Pick<FleetTimings, "launchPauseMs">;
}

/** A one-time token and the hash that is stored of it. */
export interface TokenMaker {
  make(): { token: string; hash: string };
}

export interface NewMachine {
  id: string;
  provider: string;
  machineKind: MachineKind;
  /** sha256 (hex) of the one-time token. */
  tokenHash: string;
  leaseUntil: Date;
  usdPerHour: number;
  /** See MachineProvider. */
  besidesUsdPerHour?: number;
}

/** What a launch made. */
export interface Launched {
  instanceId: string;
  offering: Offering | null;
  /** What the row's price is settled to; null: it stays what it was reserved at. */
  usdPerHour: number | null;
}

export interface LaunchPorts {
  provider: MachineProvider;
  tokens: TokenMaker;
  /** ended: the machine was given up meanwhile and its row is closed, so the machine is ended here. */
  recordLaunch(machineId: string, launched: Launched): Promise<"recorded" | "ended">;
  tellStaff: TellStaff;
}

export type LaunchOutcome =
  | { outcome: "launched"; machineId: string; instanceId: string }
  | { outcome: "given-up"; why: string }
  /** machineId null: its row was not written yet. Of a wrong set-up staff have been told. */
  | { outcome: "no-machine"; machineId: string | null; error: LaunchError }
  /** Whether a machine exists is not known; the machine's own call, or the boot timeout, decides. */
  | { outcome: "unclear"; machineId: string; cause: unknown };

/** A price asked for within this time is one that a machine is launched for. */
const priceKeptMs = 60_000;
const priceKey = (machineKind: MachineKind, market: Market) => `${machineKind} ${market}`;

/** Why no machine is to be had: of the provider, or since what it would grade cannot be fetched. */
export type NoMachine = LaunchError["kind"] | "files-away";

/** What staff read as long as no machine of this kind can be started. */
export const launchesFail = (provider: string, machineKind: MachineKind): NoticeKey => ({
  action: "fleet.misconfigured",
  subject: `provider:${provider}/${machineKind}`,
});

/**
 * Asks the provider for machines, and pauses after failed launches for all who ask. The row of a machine is always
 * written before its machine, so that dying at any line leaks nothing.
 */
export class Launcher {
  readonly #pauses: LaunchPauses;
  readonly #prices = new Map<string, { usdPerHour: number; at: Date }>();
  #filesAway = false;

  constructor(
    private readonly ports: LaunchPorts,
    private readonly settings: LauncherSettings,
    private readonly clock: Clock,
  ) {
    this.#pauses = new LaunchPauses(settings.timings);
  }

  /** While true, asking for a machine of this kind is pointless. */
  isPaused(machineKind: MachineKind): boolean {
    return this.#filesAway || this.#pauses.isPaused(machineKind, this.clock());
  }

  /** Why no machine of this kind can be had now, and until one was tried for again; null: as far as is known one can. */
  troubleOf(machineKind: MachineKind): NoMachine | null {
    return this.#filesAway ? "files-away" : this.#pauses.troubleOf(machineKind, this.clock());
  }

  /** Whether spot lacks machines of this kind, and they can be asked for on demand. */
  canGoOnDemand(machineKind: MachineKind): boolean {
    if (this.#filesAway) return false;
    const now = this.clock();
    return this.#pauses.isPaused(machineKind, now) && !this.#pauses.isPaused(machineKind, now, "on-demand");
  }

  /** Whether what a machine would grade cannot be fetched, also by one that is there already. */
  get filesAway(): boolean {
    return this.#filesAway;
  }

  get provider(): string {
    return this.ports.provider.name;
  }

  /** Told by whoever asks the provider all the time; true: it answers again after it was silent. */
  hear(answers: boolean): boolean {
    return this.#pauses.hear(answers);
  }

  /**
   * Told by whoever looks at the store all the time: a machine whose files cannot be read would cost its time and the
   * run an attempt. true: they can be read again after they could not.
   */
  filesReadable(readable: boolean): boolean {
    const again = readable && this.#filesAway;
    this.#filesAway = !readable;
    return again;
  }

  /** What this kind's machines lacked is there again: the next one is asked for at once. */
  mended(machineKind: MachineKind): void {
    this.#pauses.mended(machineKind);
  }

  /** The most that a machine of this kind costs, USD an hour, as it was asked for lately; null: it was not. */
  knownPriceOf(machineKind: MachineKind, market: Market): number | null {
    const known = this.#prices.get(priceKey(machineKind, market));
    if (known === undefined) return null;
    return Math.abs(this.clock().getTime() - known.at.getTime()) <= priceKeptMs ? known.usdPerHour : null;
  }

  /** The same of whatever age: enough to say why a run waits. */
  lastPriceOf(machineKind: MachineKind, market: Market): number | null {
    return this.#prices.get(priceKey(machineKind, market))?.usdPerHour ?? null;
  }

  /** Asks for it; failed: no machine of this kind can be asked for either. */
  async askPriceOf(
    machineKind: MachineKind,
    market: Market,
  ): Promise<{ outcome: "ok"; usdPerHour: number } | { outcome: "failed"; error: LaunchError }> {
    const shape = this.#shapeOf(machineKind, market);
    const asked = await this.#price(shape);
    if (asked.outcome === "failed") await this.#failed(shape, null, asked.error);
    return asked;
  }

  /**
   * write: puts the row into the database; false when the machine is not wanted any more. reservedAt: the price, USD an
   * hour, that is held for it already; asked for when null.
   */
  async launch(
    machineKind: MachineKind,
    leaseUntil: Date,
    write: (machine: NewMachine) => Promise<boolean>,
    market: Market = "spot",
    reservedAt: number | null = null,
  ): Promise<LaunchOutcome> {
    const { provider, tokens } = this.ports;
    const shape = this.#shapeOf(machineKind, market);
    const asked =
      reservedAt === null ? await this.#price(shape) : ({ outcome: "ok", usdPerHour: reservedAt } as const);
    if (asked.outcome === "failed") return this.#failed(shape, null, asked.error);
    const machineId = newId("mch", this.clock());
    const { token, hash } = tokens.make();
    const written = await write({
      id: machineId,
      provider: provider.name,
      machineKind,
      tokenHash: hash,
      leaseUntil,
      usdPerHour: asked.usdPerHour,
      ...(provider.besidesUsdPerHour !== undefined && { besidesUsdPerHour: provider.besidesUsdPerHour }),
    });
    if (!written) return { outcome: "given-up", why: "The machine is not wanted any more." };
    const { installation, deployment, agentAddress, instances } = this.settings;
    const userData = { ...instances, agentAddress, token, leaseUntil: leaseUntil.toISOString() };
    return this.#ask({ installation, deployment, machineId, shape, userData });
  }

  #shapeOf(machineKind: MachineKind, market: Market): MachineShape {
    const size = sizeOf(machineKind, this.settings.sizes);
    return { kind: machineKind, ...size, ...(market !== "spot" && { market }) };
  }

  async #price(
    shape: MachineShape,
  ): Promise<{ outcome: "ok"; usdPerHour: number } | { outcome: "failed"; error: LaunchError }> {
    try {
      const usdPerHour = await this.ports.provider.priceOf(shape, this.clock());
      this.#prices.set(priceKey(shape.kind, shape.market ?? "spot"), { usdPerHour, at: this.clock() });
      return { outcome: "ok", usdPerHour };
    } catch (cause) {
      if (cause instanceof LaunchError) return { outcome: "failed", error: cause };
      // No machine was asked for yet, so nothing can be left behind.
      const error = new LaunchError("unreachable", "The provider did not state its price.", { cause });
      return { outcome: "failed", error };
    }
  }

  /** The machine is there whatever its price: one that is not told leaves the row at what was reserved. */
  async #settle(offering: Offering | null): Promise<number | null> {
    const { provider } = this.ports;
    if (offering === null || provider.settledPriceOf === undefined) return null;
    return provider.settledPriceOf(offering).catch(() => null);
  }

  async #ask(spec: LaunchSpec): Promise<LaunchOutcome> {
    const { machineId, shape } = spec;
    let instance: Instance;
    try {
      instance = await this.#askTwice(spec);
    } catch (cause) {
      if (cause instanceof LaunchError) return this.#failed(shape, machineId, cause);
      // Whoever gave no answer twice is not asked again at once.
      this.#pauses.failed(shape.kind, "unreachable", this.clock(), shape.market);
      return { outcome: "unclear", machineId, cause };
    }
    this.#pauses.launched(shape.kind, shape.market);
    const { instanceId, offering } = instance;
    const usdPerHour = await this.#settle(offering);
    if ((await this.ports.recordLaunch(machineId, { instanceId, offering, usdPerHour })) === "ended") {
      await this.ports.provider.terminate(instanceId);
      return { outcome: "given-up", why: "The machine was given up while it was launched." };
    }
    return { outcome: "launched", machineId, instanceId };
  }

  /**
   * Launching is idempotent by machine id, so a lost reply is answered by asking once more. What the second answer is
   * changes nothing of what the first may still make: one that refuses leaves it as unclear as none.
   */
  async #askTwice(spec: LaunchSpec): Promise<Instance> {
    try {
      return await this.ports.provider.launch(spec);
    } catch (error) {
      if (error instanceof LaunchError) throw error;
    }
    try {
      return await this.ports.provider.launch(spec);
    } catch (cause) {
      throw new Error("The first of two calls may still make the machine.", { cause });
    }
  }

  async #failed(
    { kind: machineKind, market }: MachineShape,
    machineId: string | null,
    error: LaunchError,
  ): Promise<LaunchOutcome> {
    // Without a row only its price was asked for.
    if (machineId === null) this.#pauses.unpriced(machineKind, error.kind, this.clock(), market ?? "spot");
    else this.#pauses.failed(machineKind, error.kind, this.clock(), market);
    if (error.kind === "misconfigured") {
      await this.ports.tellStaff({
        ...launchesFail(this.ports.provider.name, machineKind),
        reason: `${titleOf(machineKind)} cannot be started: ${error.message}`,
      });
    }
    return { outcome: "no-machine", machineId, error };
  }
}
