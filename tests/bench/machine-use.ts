import { readFile } from "node:fs/promises";
import type Docker from "dockerode";

export interface MachineUse {
  /** performance.now() when it was asked. */
  atMs: number;
  /**
   * What the machine's cgroup is charged less the page cache of files, which the kernel gives back when it needs to:
   * processes' own memory, tmpfs and what the kernel holds for them, MiB.
   */
  memoryMiB: number;
  fileCacheMiB: number;
  /** Since the machine's start, all cores together. */
  cpuSeconds: number;
}

/** As the engine reads it from the container's cgroup, v1 or v2; everything in the machine is below it. */
export async function machineUse(docker: Docker, instanceId: string): Promise<MachineUse> {
  const atMs = performance.now();
  const stats = await docker.getContainer(instanceId).stats({ stream: false, "one-shot": true });
  const { usage } = stats.memory_stats;
  const of = stats.memory_stats.stats as Record<string, number | undefined>;
  const files = of.total_cache ?? of.file;
  const tmpfs = of.total_shmem ?? of.shmem;
  if (usage === undefined || files === undefined)
    throw new Error(`The engine tells no memory of ${instanceId}.`);
  // Older engines leave tmpfs out of their list for cgroup v1; it then counts as files' cache.
  const cache = files - (tmpfs ?? 0);
  return {
    atMs,
    memoryMiB: (usage - cache) / 2 ** 20,
    fileCacheMiB: cache / 2 ** 20,
    cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9,
  };
}

/** Of this computer: what programs can still have without swapping, MiB, and seconds of all cores so far. Linux. */
export async function hostUse(): Promise<{ atMs: number; availableMiB: number; busySeconds: number }> {
  const meminfo = await readFile("/proc/meminfo", "utf8");
  const stat = await readFile("/proc/stat", "utf8");
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? "")
    .split(" ")
    .map(Number);
  return {
    atMs: performance.now(),
    availableMiB: Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1]) / 1024,
    // The kernel counts hundredths of a second here, whatever its own clock.
    busySeconds: (user + nice + system + irq + softirq) / 100,
  };
}
