import type Docker from "dockerode";
import { isPastLease, type Reaped } from "#grading/machines/past-lease.ts";
import { listMachines } from "./list-machines.ts";
import { terminateMachine } from "./terminate-machine.ts";

/**
 * Ends every machine of the installation on this engine that is past the lease on its labels, and what others left of
 * theirs; with dryRun only names them. Needs no database and touches nothing without the installation's label. Throws
 * what the engine throws when it cannot list.
 */
export async function reapContainers(
  docker: Docker,
  installation: string,
  now: Date,
  { dryRun = false, signal }: { dryRun?: boolean; signal?: AbortSignal } = {},
): Promise<Reaped> {
  const machines = await listMachines(docker, installation, now, signal);
  const reaped: Reaped = { seen: machines.length, overdue: [], ended: [], failed: [] };
  const due = machines.filter((machine) => isPastLease(machine, installation, now));
  reaped.overdue = due.map(({ instanceId, machineId, leaseUntil, launchedAt }) => ({
    ...{ instanceId, machineId, leaseUntil, launchedAt },
  }));
  if (dryRun) return reaped;
  // Side by side: one that does not end holds up no other.
  await Promise.all(
    due.map(({ instanceId }) =>
      terminateMachine(docker, instanceId, signal).then(
        () => reaped.ended.push(instanceId),
        (error: unknown) => reaped.failed.push({ instanceId, reason: String(error) }),
      ),
    ),
  );
  return reaped;
}
