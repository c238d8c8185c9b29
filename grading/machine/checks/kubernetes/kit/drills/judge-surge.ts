/** How many replicas there were at one moment, as the Deployment's controller counts them. */
export interface ReplicaCount {
  atMs: number;
  /** Replicas asked for. */
  desired: number;
  /** Pods that are there and neither ended nor told to end. */
  live: number;
  /** Of them, ready. */
  ready: number;
}

/** A count, or a share of the replicas such as 25%. */
export type CountOrPercent = number | string;

export interface RollingBounds {
  /** Pods beyond the replicas asked for. */
  surge: number;
  /** Replicas that may be missing. */
  unavailable: number;
}

/**
 * What maxSurge and maxUnavailable mean for so many replicas: a share is rounded up for the surge and down for what
 * may be missing; if both come to 0 one replica may be missing, or nothing could ever move. As in
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable
 */
export function rollingBounds(
  maxSurge: CountOrPercent | undefined,
  maxUnavailable: CountOrPercent | undefined,
  replicas: number,
): RollingBounds {
  const surge = countOf(maxSurge ?? "25%", replicas, Math.ceil);
  const unavailable = Math.min(countOf(maxUnavailable ?? "25%", replicas, Math.floor), replicas);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function countOf(value: CountOrPercent, replicas: number, round: (n: number) => number): number {
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  return percent === undefined ? Number(value) : round((Number(percent) * replicas) / 100);
}

export interface BrokenBounds {
  /** The moment with most pods too many; null when there never were. */
  tooMany: ReplicaCount | null;
  /** The moment with fewest replicas ready, when it is fewer than may be. */
  tooFew: ReplicaCount | null;
}

/**
 * Whether there were ever more pods, or fewer ready, than the bounds allow. When the number of replicas asked for
 * changes on the way, the largest of them bounds the pods and the smallest the ready ones.
 */
export function judgeReplicas(counts: readonly ReplicaCount[], bounds: RollingBounds): BrokenBounds {
  const desired = counts.map((count) => count.desired);
  const most = Math.max(...desired) + bounds.surge;
  const fewest = Math.min(...desired) - bounds.unavailable;
  let tooMany: ReplicaCount | null = null;
  let tooFew: ReplicaCount | null = null;
  for (const count of counts) {
    if (count.live > most && count.live > (tooMany?.live ?? 0)) tooMany = count;
    if (count.ready < fewest && count.ready < (tooFew?.ready ?? Number.POSITIVE_INFINITY)) tooFew = count;
  }
  return { tooMany, tooFew };
}
