import { judgeMachines, type MachineVerdict } from "#grading/machines/compare-fleet.ts";
import { actSideBySide } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Machines that the provider has and the database does not want, or does not know by name yet. No second look is needed
 * before one is ended: a terminated row stays so, and none is written for a machine that exists.
 */
export function orphanMachines(parts: FleetParts): Reconciler {
  return {
    name: "orphan-machines",
    everyMs: parts.timings.every.orphanMachines,
    pass: async () => {
      // The provider first: a row is written before its machine, so what is listed has its row by now.
      const instances = await parts.provider.list(parts.installation);
      const machines = await parts.sweeps.byIds(instances.map((instance) => instance.machineId));
      const verdicts = judgeMachines(instances, machines, parts.timings, parts.clock());
      await actSideBySide(parts.log, "orphan-machines", verdicts, (verdict) => act(parts, verdict));
    },
  };
}

async function act(parts: FleetParts, verdict: MachineVerdict): Promise<void> {
  const { instanceId, machineId, offering } = verdict.instance;
  if (verdict.act === "adopt") {
    await parts.store.recordLaunch(machineId, { instanceId, offering, usdPerHour: null });
    parts.log.warn({ machineId, instanceId }, "A machine whose launch got no reply is recorded.");
  } else if (verdict.act === "terminate") {
    await parts.provider.terminate(instanceId);
    parts.log.warn({ machineId, instanceId, why: verdict.why }, "An orphan machine is terminated.");
  }
}
