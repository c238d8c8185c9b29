/**
 * The capabilities that containers in a container need: those that the inner engine and its containers use, and no other.
 * A machine has them for its engine, a Kubernetes node in a machine for its containerd. Missing on purpose: SYS_MODULE,
 * SYS_RAWIO, SYS_TIME, DAC_READ_SEARCH, BPF, PERFMON, SYSLOG, MAC_ADMIN, SYS_RESOURCE, SYS_BOOT.
 */
export const engineCapabilities: readonly string[] = [
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
  "SYS_CHROOT",
  "SYS_PTRACE",
];
