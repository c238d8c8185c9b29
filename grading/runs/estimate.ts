export interface QueueSight {
  /** 1 for the run that starts next. */
  position: number;
  fleetMax: number;
  /** Seconds since each run now under way was claimed. */
  underWaySeconds: number[];
  /** Seconds from claim to end of the exercise's last graded runs: waiting in the queue is not in it. */
  durations: number[];
}

export type Estimate =
  | {
      outcome: "estimate";
      position: number;
      /** Seconds until this run is expected to start, and to end. */
      startSeconds: number;
      finishSeconds: number;
      /** Seconds until its end when everything is as slow as the slowest tenth. */
      slowFinishSeconds: number;
      /** How many past runs this rests on. */
      basedOn: number;
    }
  | { outcome: "no-estimate"; position: number; why: string };

/**
 * Why a queued run cannot start, whatever room there is; null when it waits for nothing but its turn. What a run has
 * as its reason may also be how the attempt before ended, and that holds up nothing.
 */
export function reasonToWait(run: {
  reason: string | null;
  attempt: number;
  claims: readonly { attempt: number; outcome: string | null }[];
}): string | null {
  const before = run.claims.find((claim) => claim.attempt === run.attempt - 1);
  return run.reason === before?.outcome ? null : run.reason;
}

/**
 * When a queued run will start and end: the runs under way and ahead are laid onto the fleet's places, each as
 * long as the exercise's past runs (median; slow: 90th percentile). Without history it says so.
 */
export function estimateWait(sight: QueueSight): Estimate {
  const { position, durations } = sight;
  if (durations.length === 0) {
    return { outcome: "no-estimate", position, why: "No run of this exercise has finished yet." };
  }
  const typical = percentile(durations, 0.5);
  const slow = percentile(durations, 0.9);
  const startSeconds = startOf(sight, typical);
  return {
    outcome: "estimate",
    position,
    startSeconds: Math.round(startSeconds),
    finishSeconds: Math.round(startSeconds + typical),
    slowFinishSeconds: Math.round(startOf(sight, slow) + slow),
    basedOn: durations.length,
  };
}

function startOf(sight: QueueSight, duration: number): number {
  const busy = sight.underWaySeconds.map((elapsed) => Math.max(0, duration - elapsed));
  const idle = Array<number>(Math.max(0, sight.fleetMax - busy.length)).fill(0);
  const freeAt = [...busy, ...idle].sort((a, b) => a - b).slice(0, Math.max(1, sight.fleetMax));
  for (let ahead = 1; ahead < sight.position; ahead++) {
    const first = freeAt.shift() ?? 0;
    freeAt.push(first + duration);
    freeAt.sort((a, b) => a - b);
  }
  return freeAt[0] ?? 0;
}

/** Nearest rank; values must not be empty. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
