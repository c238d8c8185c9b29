import type { ClockJump, Heard, Hearing } from "#grading/machines/hearing.ts";
import type { FleetStore } from "#infra/db/machines/fleet-store.ts";
import type { Log } from "#infra/telemetry/logger.ts";

/** What the loops ask before they judge a machine by the time. */
export interface Watch {
  /** Rejects while a jump of the clock is not written down: until then nothing may be judged. */
  look(): Promise<Heard>;
  /** See Hearing. */
  readonly gapAt: Date | null;
}

/**
 * Writes each jump of the clock down before anybody judges by the time after it: the leases of the machines that were
 * there before move along. The timer in a machine counts the time that passes and needs no word of it.
 */
export function createWatch(hearing: Hearing, store: Pick<FleetStore, "moveLeases">, log: Log): Watch {
  const settled: ClockJump[] = [];
  let settling: Promise<void> = Promise.resolve();

  const settle = async () => {
    for (const jump of hearing.jumps.slice(settled.length)) {
      await store.moveLeases(jump);
      settled.push(jump);
      log.warn({ jump }, "The clock jumped ahead, or this computer slept; leases moved along.");
    }
  };
  return {
    async look() {
      const heard = hearing.sight();
      // One after the other: two loops that look at once must not move the leases twice.
      const mine = settling.then(settle);
      settling = mine.catch(() => undefined);
      await mine;
      return heard;
    },
    get gapAt() {
      return hearing.gapAt;
    },
  };
}
