import type { Listener } from "#infra/db/connection/notify.ts";

/** Tells any number of readers that a run changed, over one LISTEN connection of the process. */
export interface RunEventHub {
  /** Resolves once changes of the run are heard; what happened before must be read from the table. */
  subscribe(runId: string): Promise<RunSubscription>;
  /** Ends every subscription, those to come included: the server stops and must not wait for its readers. */
  close(): void;
}

export interface RunSubscription {
  /**
   * "changed": something happened since the last call returned "changed", however often. "quiet": nothing did for
   * `quietMs`. "closed": the subscription is over.
   */
  next(quietMs: number): Promise<"changed" | "quiet" | "closed">;
  close(): void;
}

type OpenListener = (onRun: (runId: string) => void, onReconnect: () => void) => Promise<Listener>;

/**
 * The connection is opened with the first reader and kept. A reader holds one flag, not a queue: however slow it
 * is, it costs nothing, and reads what it missed from the table.
 */
export function createRunEventHub(openListener: OpenListener): RunEventHub {
  const readers = new Map<string, Set<Reader>>();
  let listener: Promise<Listener> | undefined;
  let closed = false;

  const wake = (runId: string) => {
    for (const reader of readers.get(runId) ?? []) reader.change();
  };
  const wakeAll = () => {
    for (const runId of readers.keys()) wake(runId);
  };

  return {
    async subscribe(runId) {
      listener ??= openListener(wake, wakeAll);
      await listener.catch((error: unknown) => {
        listener = undefined;
        throw error;
      });
      const reader = createReader(() => {
        const others = readers.get(runId);
        others?.delete(reader);
        if (others?.size === 0) readers.delete(runId);
      });
      readers.set(runId, (readers.get(runId) ?? new Set()).add(reader));
      if (closed) reader.close();
      return reader;
    },
    close() {
      closed = true;
      for (const reader of [...readers.values()].flatMap((some) => [...some])) reader.close();
    },
  };
}

interface Reader extends RunSubscription {
  change(): void;
}

function createReader(onClose: () => void): Reader {
  let changed = false;
  let closed = false;
  let waiting: (() => void) | undefined;
  const stir = () => {
    waiting?.();
    waiting = undefined;
  };
  return {
    change() {
      changed = true;
      stir();
    },
    close() {
      if (closed) return;
      closed = true;
      onClose();
      stir();
    },
    async next(quietMs) {
      if (!changed && !closed) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          waiting = resolve;
          timer = setTimeout(resolve, quietMs);
        });
        clearTimeout(timer);
        waiting = undefined;
      }
      if (closed) return "closed";
      if (!changed) return "quiet";
      changed = false;
      return "changed";
    },
  };
}
