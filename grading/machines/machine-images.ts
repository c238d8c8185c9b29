import type { MachineKind } from "./machine-kind.ts";

/** Which machines can be launched: what one is made from may have to be made itself, once, and that takes minutes. */
export interface MachineImages {
  /** Kinds whose machines can be launched now. */
  ready(): MachineKind[];
  /** Has what the kind needs made unless somebody is at it; null when it is there, else why not, for students. */
  ask(machineKind: MachineKind): string | null;
}
