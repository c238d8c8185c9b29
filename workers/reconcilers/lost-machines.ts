import {
  calledSince,
  cutOffByGap,
  findLost,
  leaseOver,
  type MachineSight,
} from "#grading/machines/compare-fleet.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/** Machines whose instance the provider does not have any more, or says has stopped: interruptions. */
export function lostMachines(parts: FleetParts): Reconciler {
  return {
    name: "lost-machines",
    everyMs: parts.timings.every.lostMachines,
    pass: async () => {
      const heard = await parts.watch.look();
      // The rows first: a machine that one of them names was launched before it is looked for.
      const machines = await parts.sweeps.working();
      const instances = await parts.provider.list(parts.installation);
      const lost = findLost(instances, machines, parts.timings, heard);
      const takenBack = new Set(instances.filter((one) => one.takenBack).map(({ machineId }) => machineId));
      await actOnEach(parts.log, "lost-machines", lost, (machine) =>
        act(parts, machine, { lookedAt: heard.now, takenBack: takenBack.has(machine.id) }),
      );
    },
  };
}

async function act(
  parts: FleetParts,
  machine: MachineSight,
  { lookedAt, takenBack }: { lookedAt: Date; takenBack: boolean },
): Promise<void> {
  const { machineId, instanceId } = { machineId: machine.id, instanceId: machine.instanceId };
  // The provider's answer may have taken longer than its lease had left, or than a gap.
  const { now: asItIs } = await parts.watch.look();
  const excused = endedInGap(parts, machine, asItIs);
  const reason = excused
    ? "The machine's time was up while Drydock could not hear it."
    : "The machine was interrupted.";
  const { moved } = await parts.store.endMachine({
    machineId,
    how: "lost",
    takenBack,
    reason,
    excused,
    onlyIf: (now) => now.instanceId === instanceId && !calledSince(now, lookedAt),
  });
  if (moved) parts.log.warn({ machineId, instanceId }, reason);
}

/** Its own timer ends it with its lease; before that it was interrupted, gap or no gap. */
function endedInGap({ timings, watch }: FleetParts, machine: MachineSight, now: Date): boolean {
  return leaseOver(machine, now) && cutOffByGap(machine, timings, watch.gapAt);
}
