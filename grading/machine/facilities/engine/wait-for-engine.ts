import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";

const betweenAsksMs = 50;

/** The engine starts beside the agent. Resolves when it answers; throws when it has not within the time. */
export async function waitForEngine(docker: Docker, seconds: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    try {
      await docker.ping();
      return;
    } catch (error) {
      if (performance.now() > end)
        throw new Error(`The machine's Docker engine did not answer within ${seconds} s.`, { cause: error });
    }
    await wait(betweenAsksMs, undefined, { signal });
  }
}
