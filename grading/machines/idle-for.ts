import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import type { MachineKind } from "./machine-kind.ts";
import { fitsRun, type IdleMachine } from "./plan-pool.ts";

/**
 * The first of these machines of the pool that is of the exercise's kind, with the nodes that it asks for and a lease that
 * reaches; null: none fits.
 */
export function idleFor<Idle extends IdleMachine>(
  idle: readonly Idle[],
  { facilities, machineKind }: Pick<ExerciseSpec, "facilities"> & { machineKind: MachineKind },
  leaseUntil: Date,
): Idle | null {
  const wish = { machineKind, nodes: facilities.kubernetes?.nodes ?? 0, leaseUntil };
  return idle.find((machine) => fitsRun(machine, wish)) ?? null;
}
