import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { engineKind, type MachineKind } from "./machine-kind.ts";
import { fitsRun, type IdleMachine, poolKind } from "./plan-pool.ts";

/** Whether the pool has machines of this kind at all. */
export const canTakeIdle = (machineKind: MachineKind): boolean =>
  machineKind === poolKind || machineKind === engineKind;

/**
 * The first of these machines of the pool with the nodes that the exercise asks for (none: an engine alone) and a lease
 * that reaches; null: none fits.
 */
export function idleFor(
  idle: readonly IdleMachine[],
  { facilities, machineKind }: Pick<ExerciseSpec, "facilities"> & { machineKind: MachineKind },
  leaseUntil: Date,
): IdleMachine | null {
  if (!canTakeIdle(machineKind)) return null;
  const wish = { nodes: facilities.kubernetes?.nodes ?? 0, leaseUntil };
  return idle.find((machine) => fitsRun(machine, wish)) ?? null;
}
