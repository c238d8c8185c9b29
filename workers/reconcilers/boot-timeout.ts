import { bootOverdue } from "#grading/machines/compare-fleet.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/** Machines that did not call in time. */
export function bootTimeout(parts: FleetParts): Reconciler {
  return {
    name: "boot-timeout",
    everyMs: parts.timings.every.bootTimeout,
    pass: async () => {
      const heard = await parts.watch.look();
      const overdue = (await parts.sweeps.working()).filter((machine) =>
        bootOverdue(machine, parts.timings, heard),
      );
      await actOnEach(parts.log, "boot-timeout", overdue, async (machine) => {
        // A provider that never answered the launch is nobody's fault, like one that has no machine.
        const excused = machine.instanceId === null;
        const reason = excused
          ? "The provider made no machine in time."
          : "The machine did not start in time.";
        const { moved } = await parts.store.endMachine({
          machineId: machine.id,
          how: "drain",
          reason,
          excused,
          onlyIf: (now) => bootOverdue(now, parts.timings, heard) && (now.instanceId === null) === excused,
        });
        if (moved) parts.log.warn({ machineId: machine.id }, reason);
      });
    },
  };
}
