import { readFile, readlink, realpath, rm } from "node:fs/promises";
import path from "node:path";

export interface RunningServer {
  pid: number;
  port: number;
  /** false while it starts or recovers. */
  ready: boolean;
}

/** A setting of our own on the server's command line: the process that started it and is to stop it. */
export const ownerSetting = "drydock.owner_pid";

/** The process that started the running server; null when its command line does not say. */
export async function readStarter(cluster: string): Promise<number | null> {
  const options = await readFile(path.join(cluster, "postmaster.opts"), "utf8").catch(() => "");
  const found = /drydock\.owner_pid=(\d+)/.exec(options)?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * The server that runs in `cluster`, as its postmaster.pid says; null when none does. A crash leaves that file
 * behind, and its number may since have gone to another program: then the file is removed, for Postgres itself
 * would only see that the number lives.
 */
export async function readRunningServer(cluster: string): Promise<RunningServer | null> {
  const file = path.join(cluster, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Math.abs(Number(lines[0]));
  const port = Number(lines[3]);
  if (!isAlive(pid)) return null;
  if (!(await worksIn(pid, cluster))) {
    await rm(file, { force: true });
    return null;
  }
  return { pid, port, ready: lines[7] === "ready" };
}

/** Whether a process with that number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A postmaster's working directory is its data folder. Where /proc cannot tell, the number is believed. */
async function worksIn(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== "linux") return true;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster));
  } catch (error) {
    // No such link: it has ended, and at most its parent has not noticed yet.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
