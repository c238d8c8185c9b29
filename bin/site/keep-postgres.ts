import { setTimeout as pause } from "node:timers/promises";

export interface EndedServer {
  /** Whether the very server that was started still runs. */
  runs(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface KeptServer {
  /** Resolves with a sentence when it ended and could not be kept running. */
  failed: Promise<string>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

interface KeepOptions<Server extends EndedServer> {
  /** Starts it again, at the same address. */
  start: () => Promise<Server>;
  /** One sentence: it had ended and runs again. */
  say: (sentence: string) => void;
  everyMs?: number;
  /** One that has run for so long begins anew when it ends. */
  steadyMs?: number;
}

/** This often in a row it is started again; what ends at every start will not be mended by one more. */
const mostStarts = 5;

/**
 * Keeps a Postgres running that is no child of this process, and so ends without a word: whoever works in it waits and
 * connects again by itself, if there is one to connect to.
 */
export function keepPostgres<Server extends EndedServer>(
  first: Server,
  options: KeepOptions<Server>,
): KeptServer {
  const { start, say, everyMs = 1_000, steadyMs = 60_000 } = options;
  const stopping = new AbortController();
  let server: Server = first;
  let startedAt = performance.now();
  let starts = 0;

  const startAgain = async (): Promise<string | null> => {
    if (performance.now() - startedAt > steadyMs) starts = 0;
    for (let why = "it ended again and again"; ; ) {
      if (starts >= mostStarts) return `Postgres ended by itself and could not be kept running: ${why}`;
      starts += 1;
      try {
        server = await start();
        // A start that took long is no time that it ran.
        startedAt = performance.now();
        say("Postgres had ended by itself; it was started again.");
        return null;
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
        await wait(everyMs * 2 ** starts);
        if (stopping.signal.aborted) return null;
      }
    }
  };
  const wait = (ms: number) => pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const watch = async (): Promise<string | null> => {
    for (;;) {
      await wait(everyMs);
      if (stopping.signal.aborted) return null;
      if (await server.runs()) continue;
      const failure = await startAgain();
      if (failure !== null) return failure;
    }
  };

  const watching = watch();
  return {
    failed: watching.then((failure) => failure ?? new Promise<never>(() => undefined)),
    stop: async () => {
      stopping.abort();
      // A start under way is brought to its end, or its server would be left.
      await watching;
      await server.stop();
    },
  };
}
