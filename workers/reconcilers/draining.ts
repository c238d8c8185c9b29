import { endingOverdue, type MachineSight } from "#grading/machines/compare-fleet.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

type Ending = MachineSight & { drainingAt: Date | null };

/**
 * Ends the machines of draining and lost machines, then closes their rows; a row in these states never goes back.
 * Machines end side by side: one that hangs holds up no other, and one that fails is tried again at the next pass, for
 * ever. Of one that stays longer than it may staff are told; it takes no place in the fleet any more.
 */
export function draining(parts: FleetParts): Reconciler {
  const underWay = new Map<string, Promise<void>>();
  const told = new Set<string>();
  const begin = (machine: Ending) => {
    const work = endInstance(parts, machine)
      .catch((err: unknown) => {
        parts.log.error({ err, machineId: machine.id }, "A machine could not be ended; it is tried again.");
      })
      .then(() => void underWay.delete(machine.id));
    underWay.set(machine.id, work);
  };
  const tellOfStuck = async (ending: Ending[]) => {
    const heard = await parts.watch.look();
    for (const machine of ending) {
      if (told.has(machine.id) || !endingOverdue(machine, parts.timings, heard)) continue;
      await parts.store.tellStaff(stays(parts, machine));
      told.add(machine.id);
    }
  };
  return {
    name: "draining",
    everyMs: parts.timings.every.draining,
    pass: async () => {
      const ending = await parts.sweeps.ending();
      for (const machine of ending) if (!underWay.has(machine.id)) begin(machine);
      await tellOfStuck(ending);
    },
    settle: async () => {
      await Promise.all(underWay.values());
    },
  };
}

function stays({ provider, timings }: FleetParts, { id, instanceId }: Ending) {
  const minutes = Math.round(timings.drainPatienceMs / 60_000);
  return {
    action: "fleet.machine-stays",
    subject: `machine:${id}`,
    reason: `The instance ${instanceId ?? id} could not be ended within ${minutes} minutes: end it at ${provider.name} by hand. Drydock goes on trying and starts others in its place.`,
  } as const;
}

async function endInstance(parts: FleetParts, machine: Ending): Promise<void> {
  const instanceId = machine.instanceId ?? (await findLaunched(parts, machine.id));
  // A launch may still be under way whose machine is not listed yet.
  if (instanceId === null && !graceIsOver(parts, machine)) return;
  // Asked here, and seen at a later pass.
  if (instanceId !== null && (await parts.provider.terminate(instanceId)) === "ending") return;
  await parts.store.closeMachine(machine.id);
  parts.log.info({ machineId: machine.id, instanceId }, "The machine is terminated.");
}

/** One whose launch nobody wrote down, such as a worker that was killed, costs all the same: it is written down first. */
async function findLaunched(parts: FleetParts, machineId: string): Promise<string | null> {
  const instances = await parts.provider.list(parts.installation);
  const found = instances.find((instance) => instance.machineId === machineId);
  if (found === undefined) return null;
  const { instanceId, offering } = found;
  await parts.store.recordLaunch(machineId, { instanceId, offering, usdPerHour: null });
  return instanceId;
}

function graceIsOver(parts: FleetParts, machine: Ending): boolean {
  const since = machine.drainingAt ?? machine.requestedAt;
  // Either way: the clock may have been set back since.
  return Math.abs(parts.clock().getTime() - since.getTime()) > parts.timings.orphanGraceMs;
}
