import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerRefusals } from "../define-check.ts";
import { type Cgroup, openCgroup } from "./cgroup.ts";

const everyMs = 200;

/**
 * Looks now and then at what a container's group counts, for the counts go with the container. What it counted
 * between the last look and its end stays unknown.
 */
export function watchRefusals(container: Docker.Container) {
  const over = new AbortController();
  const seen: ContainerRefusals = { oomKilled: false, forksRefused: false };
  const group = (async () => {
    const { State } = await container.inspect();
    return State.Pid === 0 ? null : openCgroup(State.Pid);
  })().catch(nullWhenGone);

  async function look(): Promise<ContainerRefusals> {
    const open = await group;
    if (open) await count(open).catch(nullWhenGone);
    return { ...seen };
  }
  async function count(open: Cgroup): Promise<void> {
    const [ooms, forks] = await Promise.all([open.oomKills(), open.forksRefused()]);
    seen.oomKilled ||= ooms > 0;
    seen.forksRefused ||= forks > 0;
  }
  const watching = (async () => {
    while (await group) {
      await look();
      await wait(everyMs, undefined, { signal: over.signal });
    }
  })();
  // Ends by the abort; trouble of the engine's shows at the next call that asks for it.
  watching.catch(() => undefined);
  return { look, stop: () => over.abort() };
}

/** A container that has ended has no group any more. */
function nullWhenGone(error: unknown): null {
  const { code, statusCode } = error as NodeJS.ErrnoException & { statusCode?: number };
  if (code === "ENOENT" || code === "ENODEV" || code === "ESRCH" || statusCode === 404) return null;
  throw error;
}
