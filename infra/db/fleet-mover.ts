import type { Clock } from "#course/clock.ts";
import type { FleetWakes } from "#grading/runs/ports.ts";
import type { Db, Tx } from "#infra/db/client.ts";

/** One transaction that moves runs and clusters, and what has to be looked at after its commit. */
export interface MoveContext {
  tx: Tx;
  now: Date;
  after: Set<keyof FleetWakes>;
}

export type Mover = <Result>(work: (context: MoveContext) => Promise<Result>) => Promise<Result>;

/** A transaction waits for the lock of a run or of the fleet this long before it gives up. */
const transactionLimits = { maxWait: 15_000, timeout: 30_000 };

/** Wakes are called only once the transaction is committed: what they look for is there. */
export function createMover(db: Db, clock: Clock, wakes: FleetWakes): Mover {
  return async (work) => {
    const after = new Set<keyof FleetWakes>();
    const result = await db.$transaction(
      // The time is read inside: a transaction that waited for a connection must not write an old one.
      (tx) => work({ tx, now: clock(), after }),
      transactionLimits,
    );
    for (const wake of after) wakes[wake]();
    return result;
  };
}
