import type { FleetTimings } from "#grading/clusters/timings.ts";

/** Long enough for a busy machine with two cores, short enough to wait for. */
export const shortTimings: FleetTimings = {
  bootTimeoutMs: 4_000,
  heartbeatStaleMs: 4_000,
  clockJumpMs: 1_000,
  claimTimeoutMs: 1_500,
  orphanGraceMs: 1_500,
  drainPatienceMs: 4_000,
  offerPatienceMs: 500,
  reportAllowanceMs: 30_000,
  providerLimitMs: { launch: 1_500, list: 1_500, terminate: 1_500, price: 1_500 },
  launchPauseMs: { first: 200, longest: 1_000 },
  poolLeaseMs: 3_600_000,
  imagePauseMs: 1_000,
  every: {
    listening: 200,
    queuedSweep: 200,
    pool: 100,
    machineImages: 200,
    bootTimeout: 200,
    heartbeat: 200,
    leaseExpiry: 200,
    draining: 200,
    orphanMachines: 200,
    lostMachines: 200,
    foreignMachines: 200,
    scoringSweep: 200,
    runWithoutCluster: 200,
  },
};
