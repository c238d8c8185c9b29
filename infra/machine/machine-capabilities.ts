/**
 * What a container must be allowed so that an engine can run in it: the capabilities that the engine itself and the
 * containers in it use, and no other. `--privileged` would add the host's devices and, on a host that itself runs
 * with reduced capabilities (no CAP_SYS_RESOURCE), does not start at all. Missing on purpose: SYS_MODULE, SYS_RAWIO,
 * SYS_TIME, DAC_READ_SEARCH, BPF, PERFMON, SYSLOG, MAC_ADMIN, SYS_RESOURCE.
 */
export const machinePrivileges = {
  CapDrop: ["ALL"],
  CapAdd: [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    // mount, namespaces and cgroups
    "SYS_ADMIN",
    // the power-off that ends the machine
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_PTRACE",
  ],
  SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
  // `systempaths=unconfined` on the command line: the engine inside writes /proc/sys/net of its own network.
  MaskedPaths: [] as string[],
  ReadonlyPaths: [] as string[],
  CgroupnsMode: "private" as const,
};
