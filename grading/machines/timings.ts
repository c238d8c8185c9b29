import { dayMs } from "#course/clock.ts";

/** Every span of time that the fleet's rules use, in milliseconds, in one place. Tests hand in shorter ones. */
export interface FleetTimings {
  /** From the request to the agent's first call. */
  bootTimeoutMs: number;
  /** A machine that has been silent for this long is taken for dead. */
  heartbeatStaleMs: number;
  /** Jumps of the wall clock up to this are the ordinary keeping of time. */
  clockJumpMs: number;
  /** A claimed run must have its machine's row within this time. */
  claimTimeoutMs: number;
  /** How long provider and database may disagree about a young machine. */
  orphanGraceMs: number;
  /** A machine that is being ended takes a place of the fleet for this long; then staff are told, and it is tried on. */
  drainPatienceMs: number;
  /** A run that was offered to the queue and is still waiting after this time is started by the sweep itself. */
  offerPatienceMs: number;
  /** What the lease adds to the exercise's own limit for posting the result. */
  reportAllowanceMs: number;
  /**
   * How long the provider may take to answer each kind of call. The price is asked between a run's claim and its
   * machine's row, so its limit is shorter than claimTimeoutMs; a launch is asked for twice within the time to boot.
   */
  providerLimitMs: { launch: number; list: number; terminate: number; price: number };
  /** The same for what machines are made from: what it is, and making it, which may mean to compile a Kubernetes. */
  imageLimitMs: { describe: number; make: number };
  /** How long a worker that stops waits for what is under way, before it ends the machines of the pool. */
  stopPatienceMs: number;
  /** The shortest and longest wait before machines are asked for again after a failed launch. */
  launchPauseMs: { first: number; longest: number };
  /** From the launch until the result, for nearly every run. */
  gradedWithinMs: number;
  /** After a machine's image could not be made, or a machine of the pool could not start its Kubernetes. */
  imagePauseMs: number;
  /** The shortest and longest wait before an image that could not be made anew is tried again. */
  imageRenewPauseMs: { first: number; longest: number };
  /** How long a machine of the pool lives when no run takes it. */
  poolLeaseMs: number;
  /** How long a stored file may lie without the row that names it. */
  fileGraceMs: number;
  /** How long what the sweep of files took away can be put back. */
  trashMs: number;
  /**
   * The store of files: how long one look at it may take, how long after one that went well the next is, and how long
   * trouble that may pass by itself has to last before staff are told.
   */
  storage: { limitMs: number; restMs: number; patienceMs: number };
  /** A provider that has not answered for this long is told to staff. */
  providerPatienceMs: number;
  /** Before a provider that tells nothing of interruptions is asked for them again. */
  interruptionPauseMs: number;
  /** How far back the pool looks for what runs ask for. */
  poolMemoryMs: number;
  /** How often each reconciler looks. */
  every: {
    listening: number;
    providerAnswers: number;
    queuedSweep: number;
    machineImages: number;
    imageAge: number;
    moneyWaits: number;
    pool: number;
    bootTimeout: number;
    heartbeat: number;
    leaseExpiry: number;
    draining: number;
    orphanMachines: number;
    lostMachines: number;
    foreignMachines: number;
    interruptions: number;
    leaseSchedules: number;
    scoringSweep: number;
    runWithoutMachine: number;
    unreadableExercises: number;
    retention: number;
    fileSweep: number;
    storageAnswers: number;
    surveys: number;
  };
}

export const defaultTimings: FleetTimings = {
  bootTimeoutMs: 60_000,
  heartbeatStaleMs: 15_000,
  clockJumpMs: 2_000,
  claimTimeoutMs: 30_000,
  orphanGraceMs: 30_000,
  drainPatienceMs: 300_000,
  offerPatienceMs: 5_000,
  reportAllowanceMs: 60_000,
  providerLimitMs: { launch: 30_000, list: 10_000, terminate: 60_000, price: 5_000 },
  imageLimitMs: { describe: 30_000, make: 7_200_000 },
  stopPatienceMs: 3_000,
  launchPauseMs: { first: 5_000, longest: 300_000 },
  gradedWithinMs: 600_000,
  imagePauseMs: 300_000,
  imageRenewPauseMs: { first: 900_000, longest: dayMs },
  poolLeaseMs: 3_600_000,
  fileGraceMs: dayMs,
  trashMs: 30 * dayMs,
  storage: { limitMs: 30_000, restMs: 300_000, patienceMs: 120_000 },
  providerPatienceMs: 20_000,
  interruptionPauseMs: 15_000,
  poolMemoryMs: 1_800_000,
  every: {
    listening: 1_000,
    providerAnswers: 5_000,
    queuedSweep: 2_000,
    machineImages: 2_000,
    imageAge: 900_000,
    moneyWaits: 5_000,
    pool: 2_000,
    bootTimeout: 2_000,
    heartbeat: 2_000,
    leaseExpiry: 5_000,
    draining: 2_000,
    orphanMachines: 15_000,
    lostMachines: 5_000,
    foreignMachines: 15_000,
    // Asking waits for what there is to be heard.
    interruptions: 500,
    leaseSchedules: 5_000,
    scoringSweep: 5_000,
    runWithoutMachine: 5_000,
    unreadableExercises: 5_000,
    retention: 60_000,
    fileSweep: 21_600_000,
    storageAnswers: 60_000,
    surveys: 60_000,
  },
};
