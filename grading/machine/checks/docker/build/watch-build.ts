import { statfs } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { CheckContext } from "../../kit/define-check.ts";
import { openBuildGroup } from "./build-group.ts";

const everyMs = 500;
/** Looks in a row at which more processes were refused, or so many refused at all: a passing peak has neither. */
const forkLooks = 4;
const forkRefusals = 100;

/** What a build took beyond its limits. */
export interface BuildTaken {
  /** Why it was ended, if it was. */
  excess: "forks" | "disk" | null;
  /** Whether it was refused a process at any time. */
  forksRefused: boolean;
  /** Whether its memory was used up at any time. */
  memoryUsedUp: boolean;
  processLimit: number | null;
  memoryLimit: number | null;
}

/**
 * Looks at what a build takes while it runs, from outside: processes and memory refused by its cgroup's limits, and
 * disk. Its signal is aborted when a build takes without end.
 */
export async function watchBuild(context: CheckContext, maxDiskMiB: number) {
  const over = new AbortController();
  const stopped = new AbortController();
  const { DockerRootDir } = (await context.docker.info()) as { DockerRootDir: string };
  const group = await openBuildGroup();
  const first = { free: await freeBytes(DockerRootDir), memory: (await group?.memoryUsedUp()) ?? 0 };
  const taken: BuildTaken = {
    excess: null,
    forksRefused: false,
    memoryUsedUp: false,
    processLimit: group?.processLimit ?? null,
    memoryLimit: group?.memoryLimit ?? null,
  };
  let refused = (await group?.forksRefused()) ?? 0;
  let looks = 0;
  let refusals = 0;

  async function look(): Promise<void> {
    const now = (await group?.forksRefused()) ?? 0;
    looks = now > refused ? looks + 1 : 0;
    refusals += Math.max(0, now - refused);
    taken.forksRefused = refusals > 0;
    refused = now;
    taken.memoryUsedUp = ((await group?.memoryUsedUp()) ?? 0) > first.memory;
    if (looks >= forkLooks || refusals >= forkRefusals) taken.excess ??= "forks";
    if (first.free - (await freeBytes(DockerRootDir)) > maxDiskMiB * 1024 ** 2) taken.excess ??= "disk";
    if (taken.excess) over.abort();
  }
  async function watch(): Promise<void> {
    for (;;) {
      await wait(everyMs, undefined, { signal: stopped.signal });
      await look();
    }
  }
  watch().catch((error: unknown) => {
    if (!stopped.signal.aborted) context.staff(`watching the build failed: ${String(error)}`);
  });
  return {
    signal: over.signal,
    /** What it took in all, with a last look. */
    async taken(): Promise<BuildTaken> {
      await look();
      return taken;
    },
    /** Ends the watch, and all of a build that was ended: what is left of it would count against the next. */
    async stop(): Promise<void> {
      stopped.abort();
      await group?.clear();
    },
  };
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
