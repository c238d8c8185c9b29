import { readdir, readFile } from "node:fs/promises";
import type Docker from "dockerode";

/** New processes appear while the others are stopped; a container that still makes some after so many looks is not held. */
const rounds = 20;

/**
 * Stops every process of a container of the machine's engine, those of containers in it too, as SIGSTOP does. Not the
 * freezer: with cgroup v1 a frozen process cannot even be killed, so that a machine with one would never end.
 */
export async function stopProcesses(docker: Docker, container: string): Promise<void> {
  const { Id: id } = await docker.getContainer(container).inspect();
  const stopped = new Set<number>();
  for (let round = 0; round < rounds; round += 1) {
    const fresh = (await processesOf(id)).filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) return;
    for (const pid of fresh) {
      send(pid, "SIGSTOP");
      stopped.add(pid);
    }
  }
  throw new Error(`The processes of the container ${container} could not all be stopped.`);
}

/** Lets them run again; those that run already go on. */
export async function continueProcesses(docker: Docker, container: string): Promise<void> {
  const { Id: id } = await docker.getContainer(container).inspect();
  for (const pid of await processesOf(id)) send(pid, "SIGCONT");
}

/** By the groups that the engine put them in: a process cannot leave these, wherever it moves below. */
async function processesOf(containerId: string): Promise<number[]> {
  const entries = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    entries.map(async (pid) => ((await groupsOf(pid)).includes(containerId) ? [Number(pid)] : [])),
  );
  return found.flat();
}

async function groupsOf(pid: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cgroup`, "utf8");
  } catch (error) {
    if (hasEnded(error)) return "";
    throw error;
  }
}

function send(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasEnded(error)) throw error;
  }
}

/** Between the look and the deed. */
const hasEnded = (error: unknown) =>
  ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "");
