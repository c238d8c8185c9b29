import type { Clock } from "#course/clock.ts";
import type { FleetWakes } from "#grading/machines/fleet-wakes.ts";
import type { Db, Tx } from "#infra/db/connection/client.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { logTold, type NoticeContext } from "../notices/notice-store.ts";

/** One transaction that moves runs and machines, and what has to be looked at after its commit. */
export interface MoveContext extends NoticeContext {
  tx: Tx;
  now: Date;
  after: Set<keyof FleetWakes>;
}

export type Mover = <Result>(work: (context: MoveContext) => Promise<Result>) => Promise<Result>;

/** Wakes are called, and what staff were told is logged, only once the transaction is committed. */
export function createMover(db: Db, clock: Clock, wakes: FleetWakes, log: Pick<Log, "error">): Mover {
  return async (work) => {
    const after = new Set<keyof FleetWakes>();
    const told: MoveContext["told"] = [];
    // The time is read inside: a transaction that waited for a connection must not write an old one.
    const result = await db.$transaction((tx) => work({ tx, now: clock(), after, told }));
    logTold(log, told);
    for (const wake of after) wakes[wake]();
    return result;
  };
}
