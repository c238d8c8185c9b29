import { judgeMachines, type MachineVerdict } from "#grading/clusters/compare-fleet.ts";
import { actSideBySide } from "./act-on-each.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

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
      const machines = await parts.provider.list(parts.installation);
      const clusters = await parts.sweeps.byIds(machines.map((machine) => machine.clusterId));
      const verdicts = judgeMachines(machines, clusters, parts.timings, parts.clock());
      await actSideBySide(parts.log, "orphan-machines", verdicts, (verdict) => act(parts, verdict));
    },
  };
}

async function act(parts: FleetParts, verdict: MachineVerdict): Promise<void> {
  const { machineId, clusterId } = verdict.machine;
  if (verdict.act === "adopt") {
    await parts.store.recordLaunch(clusterId, machineId);
    parts.log.warn({ clusterId, machineId }, "A machine whose launch got no reply is recorded.");
  } else if (verdict.act === "terminate") {
    await parts.provider.terminate(machineId);
    parts.log.warn({ clusterId, machineId, why: verdict.why }, "An orphan machine is terminated.");
  }
}
