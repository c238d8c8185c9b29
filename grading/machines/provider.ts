import type { MachineKind, MachineSize } from "./machine-kind.ts";

/**
 * What makes machines; docker and the in-memory fake pass one contract suite (tests/contract). A signal that is aborted
 * ends the call, which then rejects; what it asked for may still happen.
 */
export interface MachineProvider {
  readonly name: string;
  /**
   * Idempotent by machineId: a second launch with the same id returns the same machine.
   * Throws LaunchError.
   */
  launch(spec: LaunchSpec, signal?: AbortSignal): Promise<Instance>;
  /** Every machine tagged as this installation's, in any state the provider still knows. */
  list(installation: string, signal?: AbortSignal): Promise<Instance[]>;
  /** Idempotent; not-found is success. Resolves once the machine and its disks and networks are gone. */
  terminate(instanceId: string, signal?: AbortSignal): Promise<void>;
  /** USD per hour while the machine exists. */
  priceOf(shape: MachineShape, now: Date, signal?: AbortSignal): Promise<number>;
}

export interface MachineShape extends MachineSize {
  kind: MachineKind;
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
}

export class LaunchError extends Error {
  override readonly name = "LaunchError";
  constructor(
    /**
     * insufficient-capacity and throttled are worth another try, and unreachable once the provider answers again;
     * misconfigured is for the operator.
     */
    readonly kind: "insufficient-capacity" | "throttled" | "unreachable" | "misconfigured",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
