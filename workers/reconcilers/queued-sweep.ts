import type { MachineImages } from "#grading/clusters/machine-images.ts";
import { planFleet } from "#grading/clusters/plan-fleet.ts";
import type { RunStarter } from "#grading/runs/start-run.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/**
 * Queued runs that have room are offered to the queue, oldest first. One that is still queued a while later has a
 * queue that lost it, or that cannot be reached, and is started from here: the queue is a hint, Postgres the truth.
 */
export function queuedSweep(
  parts: Pick<FleetParts, "sweeps" | "timings" | "clock" | "log">,
  fleetMax: number,
  queue: JobQueue,
  starter: RunStarter,
  images: Pick<MachineImages, "ready">,
): Reconciler {
  let offeredAt = new Map<string, Date>();
  return {
    name: "queued-sweep",
    everyMs: parts.timings.every.queuedSweep,
    pass: async () => {
      if (starter.paused) return;
      const { start } = planFleet({
        fleetMax,
        ...(await parts.sweeps.demand(fleetMax, images.ready(), parts.clock())),
      });
      offeredAt = new Map([...offeredAt].filter(([runId]) => start.includes(runId)));
      for (const runId of start) {
        const before = offeredAt.get(runId);
        const now = parts.clock();
        if (before === undefined) {
          offeredAt.set(runId, now);
          await offer(parts, queue, runId);
        } else if (now.getTime() - before.getTime() > parts.timings.offerPatienceMs) {
          offeredAt.delete(runId);
          const outcome = await starter.start(runId);
          parts.log.warn({ runId, outcome }, "The queue did not bring this run; the sweep took it.");
        }
      }
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
