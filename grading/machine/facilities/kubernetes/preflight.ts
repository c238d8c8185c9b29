import { readFile, writeFile } from "node:fs/promises";
import { AppError } from "../../../../course/errors.ts";

const procSys = "/proc/sys";
/** Of one cluster with three nodes and their pods. */
const inotifyInstances = 512;

/**
 * What the kernel and the machine must give before a cluster is tried. Throws AppError kubernetes-preflight that names
 * all that is missing. Raises fs.inotify.max_user_instances where it may.
 */
export async function checkKernel(): Promise<void> {
  const missing = [
    ...missingFileSystems(await read("/proc/filesystems")),
    ...(await missingControllers()),
    ...(await missingInotify()),
  ];
  if (missing.length === 0) return;
  throw new AppError({
    code: "kubernetes-preflight",
    userMessage: `This host cannot run a Kubernetes node: ${missing.join("; ")}.`,
  });
}

export const missingFileSystems = (listed: string): string[] =>
  ["overlay", "tmpfs", "proc"]
    .filter((name) => !new RegExp(`\\b${name}$`, "m").test(listed))
    .map((name) => `the kernel has no file system ${name} (load the module ${name})`);

/** listed: /proc/cgroups of v1, or cgroup.controllers of v2. */
export function missingFrom(listed: string, version: 1 | 2): string[] {
  const needed =
    version === 2 ? ["cpu", "cpuset", "memory", "pids"] : ["cpu", "cpuacct", "cpuset", "memory", "pids"];
  const present =
    version === 2
      ? listed.trim().split(/\s+/)
      : listed
          .split("\n")
          .map((line) => line.split("\t"))
          .filter((fields) => fields[3]?.trim() === "1")
          .map(([name]) => name);
  return needed
    .filter((name) => !present.includes(name))
    .map(
      (name) =>
        `the cgroup controller ${name} is not there (cgroup v${version}; see the kernel's command line)`,
    );
}

async function missingControllers(): Promise<string[]> {
  const v2 = await read("/sys/fs/cgroup/cgroup.controllers").catch(() => null);
  return v2 === null ? missingFrom(await read("/proc/cgroups"), 1) : missingFrom(v2, 2);
}

async function missingInotify(): Promise<string[]> {
  const file = `${procSys}/fs/inotify/max_user_instances`;
  const now = Number(await read(file));
  if (now >= inotifyInstances) return [];
  try {
    await writeFile(file, `${inotifyInstances}`);
    return [];
  } catch {
    // Some room is enough for one cluster; only a host that is full cannot take it.
    return now >= 64
      ? []
      : [`fs.inotify.max_user_instances is ${now} (set it to ${inotifyInstances} with sysctl on the host)`];
  }
}

const read = (file: string) => readFile(file, "utf8");
