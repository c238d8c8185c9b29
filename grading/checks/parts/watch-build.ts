import { readFile, statfs } from "node:fs/promises";
import type { CheckContext } from "../define-check.ts";
import { buildCgroup } from "./build-command.ts";

const everyMs = 500;
/** Looks in a row at which more processes were refused: a passing peak of make -j is no fork bomb. */
const forkLooks = 4;

export type BuildExcess = "forks" | "disk" | null;

/**
 * Looks at what a build takes while it runs, from outside: processes refused by its cgroup's limit, and disk. Its
 * signal is aborted when a build takes without end.
 */
export async function watchBuild(context: CheckContext, maxDiskMiB: number) {
  const over = new AbortController();
  const { DockerRootDir } = (await context.docker.info()) as { DockerRootDir: string };
  const freeAtFirst = await freeBytes(DockerRootDir);
  let refused = await refusedForks();
  let looks = 0;
  let excess: BuildExcess = null;
  const end = (why: BuildExcess) => {
    excess ??= why;
    over.abort();
  };

  async function look(): Promise<void> {
    const now = await refusedForks();
    looks = now > refused ? looks + 1 : 0;
    refused = now;
    if (looks >= forkLooks) end("forks");
    if (freeAtFirst - (await freeBytes(DockerRootDir)) > maxDiskMiB * 1024 ** 2) end("disk");
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => context.staff(`watching the build failed: ${String(error)}`));
  }, everyMs);
  return { signal: over.signal, excess: () => excess, stop: () => clearInterval(timer) };
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** How often the build's cgroup refused a process so far; 0 where there is no such cgroup. */
async function refusedForks(): Promise<number> {
  for (const file of [
    `/sys/fs/cgroup/${buildCgroup}/pids.events`,
    `/sys/fs/cgroup/pids/${buildCgroup}/pids.events`,
  ]) {
    try {
      return Number(/^max (\d+)/m.exec(await readFile(file, "utf8"))?.[1] ?? 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return 0;
}
