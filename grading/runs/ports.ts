import type { MachineImages } from "../clusters/machine-images.ts";
import type { ClusterProvider, MachineProfile } from "../clusters/provider.ts";
import type { ExerciseSpec } from "../exercises/spec.ts";

/** What else may have to be looked at once a change is committed. The loops behind it look by themselves too. */
export interface FleetWakes {
  /** A run waits in the queue, or a place has become free. */
  queued(): void;
  /** A machine has to be ended. */
  draining(): void;
  /** A run's results wait to be scored. */
  scoring(): void;
}

export interface NewCluster {
  id: string;
  provider: string;
  profile: MachineProfile["name"];
  /** sha256 (hex) of the one-time token. */
  tokenHash: string;
  leaseUntil: Date;
  usdPerHour: number;
}

export type ClaimOutcome =
  | { outcome: "claimed"; attempt: number; spec: ExerciseSpec }
  /** No room, or an older run comes first; the sweep offers it again. */
  | { outcome: "waiting"; why: string }
  /** Not queued any more, or unknown. */
  | { outcome: "not-queued"; why: string };

export interface ClaimLimits {
  fleetMax: number;
  /** Of which there can be machines; runs of others wait and hold nobody up. */
  profiles: MachineProfile["name"][];
  worker: string;
}

/** What starting runs needs from the database. Each method is one transaction. */
export interface StartStore {
  /** Claims the run when it is its turn and there is room, under the fleet's lock. */
  claimRun(runId: string, limits: ClaimLimits): Promise<ClaimOutcome>;
  /** Writes the cluster's row and moves the run to provisioning; false when the run is no longer this claim's. */
  requestCluster(run: { runId: string; attempt: number }, cluster: NewCluster): Promise<boolean>;
  /** ended: the cluster was given up meanwhile and its row is closed, so the caller must end the machine. */
  recordLaunch(clusterId: string, machineId: string, launchedAt: Date): Promise<"recorded" | "ended">;
  /** The run goes back to the queue uncharged; the cluster, if any, is closed: it has no machine. */
  giveBack(run: { runId: string; attempt: number }, clusterId: string | null, reason: string): Promise<void>;
  tellStaff(notice: StaffNotice): Promise<void>;
}

export interface StaffNotice {
  action: "fleet.misconfigured";
  /** Such as cluster:clu_… or image:kubernetes. */
  subject: string;
  /** One sentence. */
  reason: string;
}

/** A one-time token and the hash that is stored of it. */
export interface TokenMaker {
  make(): { token: string; hash: string };
}

export interface StartRunPorts {
  store: StartStore;
  provider: ClusterProvider;
  images: Pick<MachineImages, "ready">;
  tokens: TokenMaker;
}
