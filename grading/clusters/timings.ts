/** Every span of time that the fleet's rules use, in milliseconds, in one place. Tests hand in shorter ones. */
export interface FleetTimings {
  /** From the request to the agent's first call. */
  bootTimeoutMs: number;
  /** A machine that has been silent for this long is taken for dead. */
  heartbeatStaleMs: number;
  /** A claimed run must have its cluster's row within this time. */
  claimTimeoutMs: number;
  /** How long provider and database may disagree about a young machine. */
  orphanGraceMs: number;
  /** A run that was offered to the queue and is still waiting after this time is started by the sweep itself. */
  offerPatienceMs: number;
  /** What the lease adds to the exercise's own limit for posting the result. */
  reportAllowanceMs: number;
  /** The shortest and longest wait before machines are asked for again after a failed launch. */
  launchPauseMs: { first: number; longest: number };
  /** After a machine's image could not be made, or a machine of the pool could not start its Kubernetes. */
  imagePauseMs: number;
  /** How long a machine of the pool lives when no run takes it. */
  poolLeaseMs: number;
  /** How long a stored file may lie without the row that names it. */
  fileGraceMs: number;
  /** How far back the pool looks for what runs ask for. */
  poolMemoryMs: number;
  /** How often each reconciler looks. */
  every: {
    queuedSweep: number;
    machineImages: number;
    imageAge: number;
    pool: number;
    bootTimeout: number;
    heartbeat: number;
    leaseExpiry: number;
    draining: number;
    orphanMachines: number;
    lostMachines: number;
    scoringSweep: number;
    runWithoutCluster: number;
    retention: number;
    fileSweep: number;
  };
}

export const defaultTimings: FleetTimings = {
  bootTimeoutMs: 60_000,
  heartbeatStaleMs: 15_000,
  claimTimeoutMs: 30_000,
  orphanGraceMs: 30_000,
  offerPatienceMs: 5_000,
  reportAllowanceMs: 60_000,
  launchPauseMs: { first: 5_000, longest: 300_000 },
  imagePauseMs: 300_000,
  poolLeaseMs: 3_600_000,
  fileGraceMs: 86_400_000,
  poolMemoryMs: 1_800_000,
  every: {
    queuedSweep: 2_000,
    machineImages: 2_000,
    imageAge: 900_000,
    pool: 2_000,
    bootTimeout: 2_000,
    heartbeat: 2_000,
    leaseExpiry: 5_000,
    draining: 2_000,
    orphanMachines: 15_000,
    lostMachines: 5_000,
    scoringSweep: 5_000,
    runWithoutCluster: 5_000,
    retention: 60_000,
    fileSweep: 21_600_000,
  },
};
