import { heartbeatStale } from "#grading/machines/compare-fleet.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/** Machines that fell silent. */
export function heartbeat(parts: FleetParts): Reconciler {
  return {
    name: "heartbeat",
    everyMs: parts.timings.every.heartbeat,
    pass: async () => {
      const heard = await parts.watch.look();
      const silent = (await parts.sweeps.working()).filter((machine) =>
        heartbeatStale(machine, parts.timings, heard),
      );
      await actOnEach(parts.log, "heartbeat", silent, async (machine) => {
        const reason = "The machine stopped answering.";
        const { moved } = await parts.store.endMachine({
          machineId: machine.id,
          how: "drain",
          reason,
          onlyIf: (now) => heartbeatStale(now, parts.timings, heard),
        });
        if (moved) parts.log.warn({ machineId: machine.id }, reason);
      });
    },
  };
}
