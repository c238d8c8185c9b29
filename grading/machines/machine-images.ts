import type { MachineProfile } from "./provider.ts";

type ProfileName = MachineProfile["name"];

/** Which machines can be launched: what one is made from may have to be made itself, once, and that takes minutes. */
export interface MachineImages {
  /** Profiles whose machines can be launched now. */
  ready(): ProfileName[];
  /** Has what the profile needs made unless somebody is at it; null when it is there, else why not, for students. */
  ask(profile: ProfileName): string | null;
}

/** Such as "The machine for Kubernetes exercises". */
export const machineTitles: Record<ProfileName, string> = {
  docker: "The machine for Docker exercises",
  kubernetes: "The machine for Kubernetes exercises",
};
