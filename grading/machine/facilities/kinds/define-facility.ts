import type { z } from "zod";

/** What a machine can do for an exercise, as far as everybody may know: how it starts is the machine's own. */
export interface FacilityKind<Settings extends z.ZodType = z.ZodType> {
  /** As exercise.yaml names it under facilities. */
  name: string;
  /** As students read it, such as "Kubernetes". */
  title: string;
  /** What exercise.yaml may say of it; {} must be enough. */
  settings: Settings;
  /** Names of the facilities that it is built on; they start before it. */
  needs: readonly string[];
  /** The longest that it may take to start, seconds; the agent gives up when it takes longer. */
  startSeconds: number;
  /** What a machine with it has, unless the operator says otherwise. processes: with threads, at once. */
  size: { cpus: number; memoryMiB: number; processes: number };
  /** Whether machines with it alone may wait in the pool: it can start before the exercise is known. */
  isPooled: boolean;
}

export function defineFacility<Settings extends z.ZodType>(
  kind: FacilityKind<Settings>,
): FacilityKind<Settings> {
  return kind;
}
