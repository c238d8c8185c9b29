import { engineCapabilities } from "#grading/machines/engine-capabilities.ts";
import { machineSeccomp } from "./machine-seccomp.ts";

/**
 * What a container must be allowed so that an engine can run in it. `--privileged` would add the host's devices and, on
 * a host that itself runs with reduced capabilities (no CAP_SYS_RESOURCE), does not start at all.
 */
export const machinePrivileges = {
  CapDrop: ["ALL"],
  CapAdd: [
    ...engineCapabilities,
    // the power-off that ends the machine
    "SYS_BOOT",
  ],
  SecurityOpt: [`seccomp=${JSON.stringify(machineSeccomp)}`, "apparmor=unconfined"],
  // `systempaths=unconfined` on the command line: the engine inside writes /proc/sys/net of its own network.
  MaskedPaths: [] as string[],
  ReadonlyPaths: [] as string[],
  CgroupnsMode: "private" as const,
};
