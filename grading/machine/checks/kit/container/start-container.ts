import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import type { CheckContext, ContainerExit, ContainerRefusals } from "../define-check.ts";
import type { SandboxSettings } from "../settings/settings.ts";
import type { Excerpt } from "../shown/excerpt.ts";
import { createLineSplitter } from "../words/line-splitter.ts";
import { blameStart } from "./blame-start.ts";
import { CappedOutput } from "./capped-output.ts";
import { forksRefused } from "./forks-refused.ts";
import { type SandboxUse, sandboxOptions } from "./sandbox.ts";
import { watchRefusals } from "./watch-refusals.ts";

const captureBytes = 256 * 1024;
const floodBytes = 16 * 1024 * 1024;
/** How long an ended container's last output may take to arrive. */
const drainMs = 2000;
/** The engine's wait can miss an end; asking now and then cannot. */
const inspectEveryMs = 1000;

export interface RunningContainer {
  id: string;
  container: Docker.Container;
  /** What it wrote so far. */
  output(): string;
  /** Kills it if it still runs. */
  kill(): Promise<void>;
  /** Kills it at the time limit, then says how it ended. */
  exit(seconds: number): Promise<ContainerExit>;
  /** How it ended within the time, or null when it still runs then. */
  endsWithin(seconds: number): Promise<ContainerExit | null>;
  /** How it ended, or null while it runs. */
  exited(): Promise<ContainerExit | null>;
  /** What the system refused it so far. */
  refusals(): Promise<ContainerRefusals>;
}

/**
 * Starts a container in the sandbox, hands it to use, and removes it whatever happens. Its lines go to the live log,
 * and into the excerpt where there is one.
 * Throws ContainerNotStarted when what the image says to run cannot be run, and the signal's reason when the check's
 * time is up.
 */
export async function withContainer<T>(
  context: CheckContext,
  settings: SandboxSettings,
  what: SandboxUse & { input?: string | undefined; excerpt?: Excerpt | undefined },
  use: (running: RunningContainer) => Promise<T>,
): Promise<T> {
  context.signal.throwIfAborted();
  const options = sandboxOptions(settings, { ...what, stdin: what.input !== undefined });
  const blame = (error: unknown) => blameStart(context, options, error);
  const container = await context.docker.createContainer(options).catch(blame);
  try {
    const running = await start(context, container, what, blame);
    const stopped = onceAborted(context.signal);
    try {
      return await Promise.race([use(running), stopped.rejection]);
    } finally {
      stopped.forget();
      running.stopWatching();
    }
  } finally {
    await container.remove({ force: true, v: true });
  }
}

function onceAborted(signal: AbortSignal) {
  let onAbort: () => void = () => undefined;
  const rejection = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  rejection.catch(() => undefined);
  return { rejection, forget: () => signal.removeEventListener("abort", onAbort) };
}

async function start(
  context: CheckContext,
  container: Docker.Container,
  { input, excerpt }: { input?: string | undefined; excerpt?: Excerpt | undefined },
  blame: (error: unknown) => Promise<never>,
): Promise<RunningContainer & { stopWatching(): void }> {
  const stdin = input !== undefined;
  // Attached before the start: no byte is missed.
  const stream = await container.attach({ stream: true, stdin, stdout: true, stderr: true, hijack: stdin });
  const captured = new CappedOutput(captureBytes);
  const lines = createLineSplitter(context.log);
  let flooded = false;
  const kill = () => killIfRunning(container);
  const sink = (name: "stdout" | "stderr") =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        captured.write(chunk);
        lines.write(chunk);
        excerpt?.write(chunk, name);
        if (captured.total > floodBytes && !flooded) {
          flooded = true;
          void kill().then(() => done(), done);
        } else done();
      },
    });
  context.docker.modem.demuxStream(stream, sink("stdout"), sink("stderr"));
  const drained = finished(stream as NodeJS.ReadableStream, { writable: false }).catch(() => undefined);
  await container.start().catch(blame);
  const watch = watchRefusals(container);
  if (stdin) {
    stream.on("error", () => undefined);
    stream.end(input);
  }

  async function refusals(): Promise<ContainerRefusals> {
    const seen = await watch.look();
    return { ...seen, forksRefused: seen.forksRefused || forksRefused.test(captured.text()) };
  }

  async function describe(timedOut: boolean): Promise<ContainerExit> {
    const over = new AbortController();
    await Promise.race([drained, wait(drainMs, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
    lines.end();
    const { State } = await container.inspect();
    const refused = await refusals();
    return {
      exitCode: State.ExitCode,
      oomKilled: State.OOMKilled || refused.oomKilled,
      forksRefused: refused.forksRefused,
      timedOut,
      output: captured.text(),
      outputCut: captured.cut,
      flooded,
    };
  }

  return {
    id: container.id,
    container,
    output: () => captured.text(),
    kill,
    async exit(seconds) {
      if (await endsWithin(container, seconds * 1000, context.signal)) return describe(false);
      // Its counts go with it.
      await watch.look();
      await kill();
      return describe(true);
    },
    endsWithin: async (seconds) =>
      (await endsWithin(container, seconds * 1000, context.signal)) ? describe(false) : null,
    exited: async () => ((await container.inspect()).State.Running ? null : describe(false)),
    refusals,
    stopWatching: watch.stop,
  };
}

async function endsWithin(container: Docker.Container, ms: number, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const watching = AbortSignal.any([over.signal, signal]);
  const limit = wait(ms, false, { signal: watching });
  const asked = container.wait().then(() => true);
  const looked = (async () => {
    for (;;) {
      await wait(inspectEveryMs, undefined, { signal: watching });
      if (!(await container.inspect()).State.Running) return true;
    }
  })();
  // The losers of the race end by the abort below or with the container.
  for (const loser of [limit, asked, looked]) loser.catch(() => undefined);
  try {
    return await Promise.race([limit, asked, looked]);
  } finally {
    over.abort();
  }
}

async function killIfRunning(container: Docker.Container): Promise<void> {
  try {
    await container.kill();
  } catch (error) {
    // 409: it has ended by itself; 404: it was removed.
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== 409 && status !== 404) throw error;
  }
}
