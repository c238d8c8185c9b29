import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/** Runs whose results are stored: woken by each result, and finds those of a worker that died in between. */
export function scoringSweep(parts: FleetParts): Reconciler {
  return {
    name: "scoring-sweep",
    everyMs: parts.timings.every.scoringSweep,
    pass: async () => {
      await actOnEach(parts.log, "scoring-sweep", await parts.sweeps.runsInScoring(), (runId) =>
        parts.store.finishScoring(runId),
      );
    },
  };
}
