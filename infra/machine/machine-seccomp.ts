/**
 * System calls that reach what the host's kernel does not keep apart by namespace, and that neither an engine nor a
 * Kubernetes in a machine makes. Most want a capability that a machine lacks as well: this is the second lock, and unlike
 * a mount over /proc nobody in the machine can take it off again. Not in it because engines need them: mount, bpf (the
 * device rules of cgroup v2), unshare, setns, pivot_root, reboot (the power-off).
 */
const refused = [
  "acct",
  "clock_adjtime",
  "clock_settime",
  "create_module",
  "delete_module",
  "finit_module",
  "init_module",
  "ioperm",
  "iopl",
  "kexec_file_load",
  "kexec_load",
  "lookup_dcookie",
  "open_by_handle_at",
  "perf_event_open",
  "quotactl",
  "settimeofday",
  "swapoff",
  "swapon",
  "syslog",
  "userfaultfd",
  "uselib",
  "vm86",
  "vm86old",
];

/** Programs ask for these and go on without them, but only where the kernel says that it has none. */
const missing = ["add_key", "io_uring_enter", "io_uring_register", "io_uring_setup", "keyctl", "request_key"];

const EPERM = 1;
const ENOSYS = 38;

/** The engine's form of a seccomp profile; containers in the machine have their own engine's profile on top. */
export const machineSeccomp = {
  defaultAction: "SCMP_ACT_ALLOW",
  archMap: [
    { architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
    { architecture: "SCMP_ARCH_AARCH64", subArchitectures: ["SCMP_ARCH_ARM"] },
  ],
  syscalls: [
    { names: refused, action: "SCMP_ACT_ERRNO", errnoRet: EPERM },
    { names: missing, action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
  ],
};
