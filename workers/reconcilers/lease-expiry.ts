import { cutOffByGap, leaseOver, type MachineSight } from "#grading/machines/compare-fleet.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/** Machines whose time is up, whatever they are doing. */
export function leaseExpiry(parts: FleetParts): Reconciler {
  return {
    name: "lease-expiry",
    everyMs: parts.timings.every.leaseExpiry,
    pass: async () => {
      const { now } = await parts.watch.look();
      const overdue = (await parts.sweeps.working()).filter((machine) => leaseOver(machine, now));
      await actOnEach(parts.log, "lease-expiry", overdue, async (machine) => {
        // Reading the rows may have taken longer than a gap: it is looked at again.
        await parts.watch.look();
        const { gapAt } = parts.watch;
        // A gap that this very process has lived through was not caused by the run.
        const isExcused = (one: MachineSight) => cutOffByGap(one, parts.timings, gapAt);
        const excused = isExcused(machine);
        const reason = excused
          ? "The machine's time was up while Drydock could not hear it."
          : "The machine's time was up before the run had ended.";
        const { moved } = await parts.store.endMachine({
          machineId: machine.id,
          how: "drain",
          reason,
          excused,
          onlyIf: (current) => leaseOver(current, now) && isExcused(current) === excused,
        });
        if (moved) parts.log.warn({ machineId: machine.id }, reason);
      });
    },
  };
}
