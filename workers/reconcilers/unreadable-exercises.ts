import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Queued runs whose stored exercise this version cannot read. Whoever claims one ends it as well; but what machine it
 * needs may be just what cannot be read, and then no claim ever comes to it.
 */
export function unreadableExercises(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "log">,
): Reconciler {
  return {
    name: "unreadable-exercises",
    everyMs: parts.timings.every.unreadableExercises,
    pass: async () => {
      const runIds = await parts.sweeps.unreadableQueued();
      await actOnEach(parts.log, "unreadable-exercises", runIds, async (runId) => {
        const why = await parts.store.endUnreadable(runId);
        if (why !== null)
          parts.log.error({ runId, why }, "This run's exercise cannot be read: it ended without a result.");
      });
    },
  };
}
