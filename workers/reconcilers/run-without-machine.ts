import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/** Runs under way that no machine works on: their worker died, or lost the database, between the claim and the row. */
export function runWithoutMachine(parts: FleetParts): Reconciler {
  return {
    name: "run-without-machine",
    everyMs: parts.timings.every.runWithoutMachine,
    pass: async () => {
      const { now, since } = await parts.watch.look();
      const claimedBefore = new Date(now.getTime() - parts.timings.claimTimeoutMs);
      // Whoever had claimed it may be at it still, and gets the full time again after a gap.
      if (since > claimedBefore) return;
      // As far ahead it is from before the clock was set back.
      const claimedAfter = new Date(now.getTime() + parts.timings.claimTimeoutMs);
      const stranded = await parts.sweeps.runsWithoutMachine(claimedBefore, claimedAfter);
      await actOnEach(parts.log, "run-without-machine", stranded, async (run) => {
        // Nothing of the run's own is touched before it has a machine, so it cannot be what ended the worker.
        const reason = "Drydock lost its database, or was restarted, while it prepared the machine.";
        const { moved } = await parts.store.takeBack(run, { reason, excused: true });
        if (moved) parts.log.warn(run, "A run without a machine went back to the queue.");
      });
    },
  };
}
