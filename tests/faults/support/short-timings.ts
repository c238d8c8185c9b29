import type { FleetTimings } from "#grading/clusters/timings.ts";

/** Long enough for a busy machine with two cores, short enough to wait for. */
export const shortTimings: FleetTimings = {
  bootTimeoutMs: 4_000,
  heartbeatStaleMs: 4_000,
  claimTimeoutMs: 1_500,
  orphanGraceMs: 1_500,
  offerPatienceMs: 500,
  reportAllowanceMs: 30_000,
  launchPauseMs: { first: 200, longest: 1_000 },
  poolLeaseMs: 3_600_000,
  fileGraceMs: 86_400_000,
  poolMemoryMs: 1_800_000,
  imagePauseMs: 1_000,
  every: {
    queuedSweep: 200,
    pool: 100,
    machineImages: 200,
    imageAge: 200,
    bootTimeout: 200,
    heartbeat: 200,
    leaseExpiry: 200,
    draining: 200,
    orphanMachines: 200,
    lostMachines: 200,
    scoringSweep: 200,
    runWithoutCluster: 200,
    retention: 60_000,
    fileSweep: 60_000,
  },
};
