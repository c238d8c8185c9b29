import { readdir, readFile, writeFile } from "node:fs/promises";

/** Memory of a process and all below it, shared pages counted once (PSS), in MiB. Linux. */
export async function treeMemoryMiB(root: number, options: { without?: number } = {}): Promise<number> {
  let kib = 0;
  for (const pid of await processTree(root)) {
    if (pid === options.without) continue;
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
    kib += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return kib / 1024;
}

/** Processor seconds that a process and all below it have used since they began. Linux, at its usual 100 ticks. */
export async function cpuSeconds(root: number): Promise<number> {
  let ticks = 0;
  for (const pid of await processTree(root)) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / 100;
}

async function processTree(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => null);
    // The name in parentheses may hold spaces; the parent is the second field after it. Null: it has just ended.
    if (stat !== null)
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const below = (pid: number): boolean => pid === root || (pid > 1 && below(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(below);
}

/** Starts the process's high-water mark anew and answers what it holds now, in MiB. */
export async function resetPeak(pid: number): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
  return statusMiB(pid, "VmRSS");
}

export async function peakMiB(pid: number): Promise<number> {
  return statusMiB(pid, "VmHWM");
}

async function statusMiB(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
}
