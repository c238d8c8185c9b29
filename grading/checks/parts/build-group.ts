import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { buildCgroup } from "./build-command.ts";
import { readField, readNumber, unlimited } from "./cgroup.ts";

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
}

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
    // A step's group that went while it was read.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENODEV") return 0;
    throw error;
  }
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
