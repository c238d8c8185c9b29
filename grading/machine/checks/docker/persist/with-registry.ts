import { setTimeout as wait } from "node:timers/promises";
import { MachineFault } from "../../kit/credit/platform-fault.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { registryAddress } from "../kit/read-target.ts";

const configuration = "/etc/docker/registry/config.yml";
const startSeconds = 20;
const betweenAsksMs = 50;

/** Runs the machine's registry for as long as it is used; it listens on loopback, where no container comes. */
export async function withRegistry<T>(context: CheckContext, use: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const running = context.run(["docker-registry", "serve", configuration], {
    cwd: "/",
    live: false,
    signal: over.signal,
  });
  const ended = running.then(({ exitCode, stderr }) => {
    throw new Error(`The machine's registry ended with status ${exitCode}: ${stderr.slice(-2000)}`);
  });
  ended.catch(() => undefined);
  try {
    await Promise.race([answers(context), ended]).catch((cause: unknown) => {
      context.signal.throwIfAborted();
      throw new MachineFault("The machine's registry did not start.", { cause });
    });
    return await Promise.race([use(), ended]);
  } finally {
    over.abort();
    await running.catch(() => undefined);
  }
}

/** Gives up before the check's own time is up, which would be told as the student's. */
async function answers({ signal, remainingMs }: CheckContext): Promise<void> {
  const seconds = Math.min(startSeconds, remainingMs() / 2000);
  const late = AbortSignal.timeout(seconds * 1000);
  const limit = AbortSignal.any([signal, late]);
  for (;;) {
    try {
      await fetch(`http://${registryAddress}/v2/`, { signal: limit });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted)
        throw new Error(`The machine's registry did not answer within ${seconds} s.`, { cause: error });
    }
    await wait(betweenAsksMs, undefined, { signal });
  }
}
