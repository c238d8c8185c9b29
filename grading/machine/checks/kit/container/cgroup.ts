import { readFile } from "node:fs/promises";
import path from "node:path";

/** A container's control group, read from outside of it, on cgroup v1 and v2 alike. */
export interface Cgroup {
  version: 1 | 2;
  /** Bytes; null when there is none. */
  memoryLimit(): Promise<number | null>;
  /** CPUs; null when there is none. */
  cpuLimit(): Promise<number | null>;
  /** Seconds of CPU time used so far by all in it. */
  cpuSeconds(): Promise<number>;
  /** Periods so far in which it was held back by its CPU limit. */
  throttledPeriods(): Promise<number>;
  /** Processes ended so far because its memory was used up. */
  oomKills(): Promise<number>;
  /** How often so far a process or thread was refused because it had as many as it may. */
  forksRefused(): Promise<number>;
  /** Files that a process writes its number to in order to join. */
  joinFiles: string[];
}

/** v1 states "no limit" as a number near 2^63. */
export const unlimited = 2 ** 60;

/** The control group of a process. Throws when the process has ended or its group cannot be found. */
export async function openCgroup(pid: number, proc = "/proc"): Promise<Cgroup> {
  const [memberships, mounts] = await Promise.all([
    readFile(path.join(proc, `${pid}/cgroup`), "utf8"),
    readFile(path.join(proc, "self/mountinfo"), "utf8"),
  ]);
  const find = (controller: string) => findFolder(memberships, mounts, controller);
  const memory = find("memory");
  return memory.version === 2
    ? readV2(memory.folder)
    : readV1(memory.folder, find("cpu").folder, find("cpuacct").folder, find("pids").folder);
}

/** Where a controller's group of a process lies in the file system, from /proc/PID/cgroup and /proc/self/mountinfo. */
export function findFolder(
  memberships: string,
  mounts: string,
  controller: string,
): { version: 1 | 2; folder: string } {
  const groups = memberships
    .trim()
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .map((match) => ({ controllers: (match?.[1] ?? "").split(","), group: match?.[2] ?? "/" }));
  const v1 = groups.find(({ controllers }) => controllers.includes(controller));
  const v2 = groups.find(({ controllers }) => controllers.join() === "");
  const version = v1 ? 1 : 2;
  const group = (v1 ?? v2)?.group;
  const mount = mounts
    .split("\n")
    .map((line) => line.split(" - "))
    .map(([left = "", right = ""]) => ({
      fields: left.split(" "),
      type: right.split(" ")[0],
      options: right.split(" ")[2] ?? "",
    }))
    .find(({ type, options }) =>
      version === 1 ? type === "cgroup" && options.split(",").includes(controller) : type === "cgroup2",
    );
  const [root = "/", point] = mount?.fields.slice(3, 5) ?? [];
  if (group === undefined || point === undefined)
    throw new Error(`No control group of ${controller} was found.`);
  // A mount that shows only our own group's part of the tree: paths are still told from the tree's root.
  const inside = root !== "/" && group.startsWith(root) ? group.slice(root.length) : group;
  return { version, folder: path.join(point, inside) };
}

/** NaN where the kernel says max, which is no limit. */
export const readNumber = async (folder: string, file: string) =>
  Number((await readFile(path.join(folder, file), "utf8")).trim());
/** The number after a name in a file of such lines; 0 when it is not there. */
export const readField = async (folder: string, file: string, name: string) =>
  Number(new RegExp(`^${name} (\\d+)`, "m").exec(await readFile(path.join(folder, file), "utf8"))?.[1] ?? 0);

function readV1(memory: string, cpu: string, cpuacct: string, pids: string): Cgroup {
  return {
    version: 1,
    async memoryLimit() {
      const bytes = await readNumber(memory, "memory.limit_in_bytes");
      return bytes >= unlimited ? null : bytes;
    },
    async cpuLimit() {
      const quota = await readNumber(cpu, "cpu.cfs_quota_us");
      return quota < 0 ? null : quota / (await readNumber(cpu, "cpu.cfs_period_us"));
    },
    cpuSeconds: async () => (await readNumber(cpuacct, "cpuacct.usage")) / 1e9,
    throttledPeriods: () => readField(cpu, "cpu.stat", "nr_throttled"),
    oomKills: () => readField(memory, "memory.oom_control", "oom_kill"),
    forksRefused: () => readField(pids, "pids.events", "max"),
    joinFiles: [...new Set([memory, cpu, cpuacct])].map((folder) => path.join(folder, "cgroup.procs")),
  };
}

function readV2(folder: string): Cgroup {
  return {
    version: 2,
    async memoryLimit() {
      const bytes = await readNumber(folder, "memory.max");
      return Number.isNaN(bytes) ? null : bytes;
    },
    async cpuLimit() {
      const [quota, period] = (await readFile(path.join(folder, "cpu.max"), "utf8")).trim().split(" ");
      return quota === "max" ? null : Number(quota) / Number(period);
    },
    cpuSeconds: async () => (await readField(folder, "cpu.stat", "usage_usec")) / 1e6,
    throttledPeriods: () => readField(folder, "cpu.stat", "nr_throttled"),
    oomKills: () => readField(folder, "memory.events", "oom_kill"),
    forksRefused: () => readField(folder, "pids.events", "max"),
    joinFiles: [path.join(folder, "cgroup.procs")],
  };
}
