import { readdir, readFile } from "node:fs/promises";
import type { V1Pod } from "@kubernetes/client-node";

/**
 * Processes of a pod's containers, seen from the machine outside of its nodes: the first process of each container
 * first. [] when none runs. From here a signal reaches a container's first process too, which ignores those that come
 * from inside.
 */
export async function podProcesses(pod: V1Pod, container?: string): Promise<number[]> {
  const ids = (pod.status?.containerStatuses ?? [])
    .filter(({ name }) => container === undefined || name === container)
    .map(({ containerID }) => containerID?.split("//").at(-1) ?? "")
    .filter((id) => id !== "");
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: { pid: number; first: boolean }[] = [];
  for (const pid of all) {
    const groups = await readOf(pid, "cgroup");
    if (!ids.some((id) => groups.includes(id))) continue;
    const inside = /^NSpid:.*\s(\d+)$/m.exec(await readOf(pid, "status"))?.[1];
    found.push({ pid, first: inside === "1" });
  }
  return found.sort((a, b) => Number(b.first) - Number(a.first) || a.pid - b.pid).map(({ pid }) => pid);
}

/** "" when the process has ended. */
async function readOf(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return "";
    throw error;
  }
}

/** Sends a signal; a process that ended in the meantime needs none. */
export function signalProcess(pid: number, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
