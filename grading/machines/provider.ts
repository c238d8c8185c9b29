import type { MachineKind, MachineSize } from "./machine-kind.ts";

/**
 * What makes machines; docker, ec2 and the in-memory fake pass one contract suite (tests/contract). A signal that is aborted
 * ends the call, which then rejects; what it asked for may still happen.
 */
export interface MachineProvider {
  readonly name: string;
  /** From the request to the agent's first call, where machines take longer than FleetTimings says. */
  readonly bootTimeoutMs?: number;
  /** Of what a machine costs, USD an hour: what is charged even for one that the provider takes back. */
  readonly besidesUsdPerHour?: number;
  /**
   * Idempotent by machineId: a second launch with the same id returns the same machine.
   * Throws LaunchError.
   */
  launch(spec: LaunchSpec, signal?: AbortSignal): Promise<Instance>;
  /** Every machine tagged as this installation's, in any state the provider still knows. */
  list(installation: string, signal?: AbortSignal): Promise<Instance[]>;
  /**
   * Idempotent; not-found is success. gone: nothing is left of the machine, its disks and networks; ending: the provider
   * was told and is at it, so ask again.
   */
  terminate(instanceId: string, signal?: AbortSignal): Promise<"gone" | "ending">;
  /** The most that one costs, USD an hour while it exists. Throws LaunchError. */
  priceOf(shape: MachineShape, now: Date, signal?: AbortSignal): Promise<number>;
  /**
   * What an instance of this offering costs, USD an hour; null where that is not known (yet). Without it every machine
   * costs what priceOf says.
   */
  settledPriceOf?(offering: Offering, signal?: AbortSignal): Promise<number | null>;
}

export interface MachineShape extends MachineSize {
  kind: MachineKind;
  /** Where the provider has several: on spot, unless it says otherwise. */
  market?: Market;
}

export interface LaunchSpec {
  /** Tag that tells our machines from anybody else's: the id of the Drydock that has them. */
  installation: string;
  /** What people call it. Two may have one name, so nothing is ever looked for by it. */
  deployment?: string;
  /** Also the client token. */
  machineId: string;
  shape: MachineShape;
  /** Text handed to the machine's boot script. */
  userData: UserData;
}

/** As JSON at most 16 KB on an instance, whose metadata service shows them to everything in it. */
export interface UserData {
  /** Where the agent calls: https://host/…, http://host:port or unix:/path/in/the/machine.sock */
  agentAddress: string;
  /** Dead after its first use. */
  token: string;
  /** ISO instant; the boot script arms the power-off timer with it before anything else. */
  leaseUntil: string;
  /** Of a machine that fetches its agent at agentAddress: the sha256 (hex) of the one program that it may run. */
  agentSha256?: string;
  /** The only authority (PEM) that may vouch for agentAddress; without it those that the machine's system trusts. */
  gatewayCa?: string;
  /** Of an instance: where it is told of its interruption, http://169.254.169.254. */
  metadataAddress?: string;
}

export interface Instance {
  instanceId: string;
  machineId: string;
  installation: string;
  state: "pending" | "running" | "stopped" | "gone";
  launchedAt: Date;
  leaseUntil: Date;
  /** What it was made of; null where there is but one kind. */
  offering: Offering | null;
  /** The provider ended it for its own sake, not we and not the machine itself. */
  takenBack?: boolean;
}

export type Market = "spot" | "on-demand";

/** What a provider sells: a type of instance in a zone. */
export interface Offering {
  type: string;
  zone: string;
  market: Market;
}

/** What is in the way of a launch, where a provider tells it apart. */
export type LaunchTrouble =
  | "capacity"
  | "quota"
  | "throttling"
  | "credentials"
  | "permission"
  | "clock"
  | "launch-template"
  | "image"
  | "network"
  | "instance-type"
  | "user-data"
  | "other";

export class LaunchError extends Error {
  override readonly name = "LaunchError";
  constructor(
    /**
     * insufficient-capacity, quota and throttled are worth another try, and unreachable once the provider answers
     * again; misconfigured is for the operator.
     */
    readonly kind: "insufficient-capacity" | "quota" | "throttled" | "unreachable" | "misconfigured",
    message: string,
    { trouble = null, ...options }: ErrorOptions & { trouble?: LaunchTrouble | null } = {},
  ) {
    super(message, options);
    this.trouble = trouble;
  }
  /** null where the provider does not tell. */
  readonly trouble: LaunchTrouble | null;
}
