import { planFleet } from "#grading/runs/queue/plan-fleet.ts";
import type { RunStarter } from "#grading/runs/start-run.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Runs that the queue was given and has not brought yet, and since when. Whoever takes a run's job takes it off here:
 * one that could not start then is offered again at once when it can.
 */
export type OfferedRuns = Map<string, Date>;

/**
 * Queued runs that have room are offered to the queue, in the fair order. One that is still queued a while later has a
 * queue that lost it, or that cannot be reached, and is started from here: the queue is a hint, Postgres the truth.
 */
export function queuedSweep(
  parts: Pick<FleetParts, "sweeps" | "timings" | "clock" | "log">,
  fleetMax: number,
  queue: JobQueue,
  starter: Pick<RunStarter, "limits" | "start">,
  offeredAt: OfferedRuns,
): Reconciler {
  return {
    name: "queued-sweep",
    everyMs: parts.timings.every.queuedSweep,
    pass: async () => {
      const demand = await parts.sweeps.demand(starter.limits, parts.clock());
      const { start } = planFleet({ fleetMax, ...demand });
      for (const runId of offeredAt.keys()) if (!start.includes(runId)) offeredAt.delete(runId);
      await actOnEach(parts.log, "queued-sweep", start, async (runId) => {
        const before = offeredAt.get(runId);
        const now = parts.clock();
        if (before === undefined) {
          offeredAt.set(runId, now);
          await offer(parts, queue, runId);
        } else if (Math.abs(now.getTime() - before.getTime()) > parts.timings.offerPatienceMs) {
          offeredAt.delete(runId);
          const outcome = await starter.start(runId);
          parts.log.warn({ runId, outcome }, "The queue did not bring this run; the sweep took it.");
        }
      });
    },
  };
}

async function offer(parts: Pick<FleetParts, "log">, queue: JobQueue, runId: string): Promise<void> {
  try {
    await queue.add("grade-run", { runId });
  } catch (err) {
    parts.log.warn({ err, runId }, "The queue cannot be reached; the sweep will start the run.");
  }
}
