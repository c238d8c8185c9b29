import { access, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { readField, readNumber, unlimited } from "../../kit/container/cgroup.ts";
import { buildCgroup } from "./build-command.ts";

/** The control group in which the RUN steps of builds live, read from outside of them. */
export interface BuildGroup {
  /** Processes and threads at once; null when there is no limit. */
  processLimit: number | null;
  /** Bytes; null when there is no limit. */
  memoryLimit: number | null;
  /** How often so far a process or thread was refused. Falls when a step's own group goes with its step. */
  forksRefused(): Promise<number>;
  /** How often so far its memory was used up. */
  memoryUsedUp(): Promise<number>;
  /** Ends all that is in it and waits until that is gone. Throws when something stays. */
  clear(): Promise<void>;
}

/** How long ended processes may take to go. */
const clearMs = 8000;
const betweenLooksMs = 50;

/** The build's group as the machine's boot script made it, on cgroup v1 and v2; null where there is none. */
export async function openBuildGroup(root = "/sys/fs/cgroup"): Promise<BuildGroup | null> {
  const v2 = await exists(path.join(root, "cgroup.controllers"));
  const pids = path.join(root, v2 ? "" : "pids", buildCgroup);
  const memory = path.join(root, v2 ? "" : "memory", buildCgroup);
  if (!(await exists(pids))) return null;
  const bytes = await readNumber(memory, v2 ? "memory.max" : "memory.limit_in_bytes");
  return {
    processLimit: orNull(await readNumber(pids, "pids.max")),
    memoryLimit: bytes >= unlimited ? null : orNull(bytes),
    forksRefused: () => sumRefused(pids),
    // v1 counts ends in the step's own group, which is gone with it; what the limit refused is kept here.
    memoryUsedUp: () =>
      v2 ? readField(memory, "memory.events", "oom_kill") : readNumber(memory, "memory.failcnt"),
    clear: () => clear(pids),
  };
}

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

/** v1, and v2 before Linux 6.11, count in the group of the process that wanted another, not where the limit is. */
async function sumRefused(folder: string): Promise<number> {
  try {
    const own = await readField(folder, "pids.events", "max");
    const inside = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const theirs = await Promise.all(inside.map(({ name }) => sumRefused(path.join(folder, name))));
    return theirs.reduce((sum, count) => sum + count, own);
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

async function clear(folder: string): Promise<void> {
  const end = performance.now() + clearMs;
  while ((await readNumber(folder, "pids.current")) > 0) {
    if (performance.now() > end)
      throw new Error(`Processes of a build stayed for ${clearMs} ms after its end.`);
    await killAll(folder);
    await wait(betweenLooksMs);
  }
}

async function killAll(folder: string): Promise<void> {
  try {
    const pids = (await readFile(path.join(folder, "cgroup.procs"), "utf8")).split("\n").filter(Boolean);
    // Below 1 is no process of ours: one of another namespace shows as 0.
    for (const pid of pids.map(Number).filter((each) => each > 1)) kill(pid);
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (entry.isDirectory()) await killAll(path.join(folder, entry.name));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A step's group that went while it was read. */
function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENODEV";
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
