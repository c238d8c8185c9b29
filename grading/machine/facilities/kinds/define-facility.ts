import type { z } from "zod";

/** What a facility may be called; its step of the recipe is, and a fault that says that it did not start. */
export const facilityName = /^[a-z][a-z0-9-]{0,39}$/;
/** Faults that are no facility's. */
const taken = ["check", "files", "agent"];

/** What a machine can do for an exercise, as far as everybody may know: how it starts is the machine's own. */
export interface FacilityKind<Settings extends z.ZodType = z.ZodType> {
  /** As exercise.yaml names it under facilities; see facilityName. */
  name: string;
  /** As students read it, such as "Kubernetes". */
  title: string;
  /** What exercise.yaml may say of it; {} must be enough. */
  settings: Settings;
  /**
   * Names of the facilities that it is built on; they start before it. Rows keep the kind of machine that follows from it,
   * so a change of a released one takes a migration.
   */
  needs: readonly string[];
  /** The longest that it may take to start, seconds; startFacilities gives up when it takes longer. */
  startSeconds: number;
  /** What a machine with it has, unless the operator says otherwise. processes: and threads, at the same time. */
  size: { cpus: number; memoryMiB: number; processes: number };
}

export function defineFacility<Settings extends z.ZodType>(
  kind: FacilityKind<Settings>,
): FacilityKind<Settings> {
  if (!facilityName.test(kind.name) || taken.includes(kind.name))
    throw new Error(`No facility can be called ${kind.name}.`);
  return kind;
}
