/** What a machine's tags or labels and its provider say of it, without any database. */
export interface LeasedMachine {
  /** Whose it is; undefined where nothing says so. */
  installation: string | undefined;
  /** null, or no valid date: it cannot be read. */
  leaseUntil: Date | null;
  /** null: not known. */
  launchedAt: Date | null;
}

/** A machine that a reaper found past its lease. */
export interface Overdue extends Omit<LeasedMachine, "installation"> {
  instanceId: string;
  machineId: string | null;
}

/** What became of those that are past their lease. */
export interface Reaped {
  /** How many of the installation's machines there were, past their lease or not. */
  seen: number;
  overdue: Overdue[];
  /** Ids of instances that the provider was asked to end, and took. */
  ended: string[];
  /** Not ended, with what the provider said. */
  failed: { instanceId: string; reason: string }[];
}

/**
 * The worker ends a machine at its lease; whoever stands in for it waits a little: longer than the four minutes that a clock
 * may be wrong before an AWS client says so.
 */
export const pastLeaseGraceMs = 5 * 60_000;

/** No machine is meant to live longer, whatever its tag says or whoever removed it: twelve times the pool's lease. */
const longestLifeMs = 12 * 3_600_000;

/**
 * Whether a machine is the installation's and past its lease. One that nothing says whose it is never is; one of ours
 * whose lease cannot be read, or lies too far ahead, is when it has lived longer than any machine does.
 */
export function isPastLease(
  { installation, leaseUntil, launchedAt }: LeasedMachine,
  ours: string,
  now: Date,
): boolean {
  if (installation !== ours || ours === "") return false;
  const ends = [
    (leaseUntil?.getTime() ?? Number.NaN) + pastLeaseGraceMs,
    (launchedAt?.getTime() ?? Number.NaN) + longestLifeMs,
  ];
  return now.getTime() > Math.min(...ends.filter((at) => !Number.isNaN(at)));
}
