import type { Log } from "#infra/telemetry/logger.ts";

/** One thing that is kept as it is wanted: a pass observes, compares and acts, and finding nothing is normal. */
export interface Reconciler {
  name: string;
  everyMs: number;
  pass(): Promise<void>;
  /** Ends what a pass waits for when the loop stops, before the pass under way is waited for. */
  interrupt?(): void;
  /** Waits for what passes have started and not awaited. */
  settle?(): Promise<void>;
}

export interface Loop {
  /** Runs a pass now, or right after the one under way. */
  wake(): void;
  /** Resolves when the pass under way has ended; no further one begins. */
  stop(): Promise<void>;
}

/** Runs passes one after the other, never two at once; a pass that fails is logged and the loop goes on. */
export function startLoop(reconciler: Reconciler, log: Log): Loop {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | null = null;
  let wokenMeanwhile = false;
  let stopped = false;

  const pass = async () => {
    try {
      await reconciler.pass();
    } catch (err) {
      log.error({ err, loop: reconciler.name }, "A pass failed; the next one looks again.");
    }
  };
  const run = () => {
    if (stopped) return;
    if (underWay !== null) {
      wokenMeanwhile = true;
      return;
    }
    clearTimeout(timer);
    underWay = pass().then(() => {
      underWay = null;
      const again = wokenMeanwhile;
      wokenMeanwhile = false;
      if (again) run();
      else if (!stopped) timer = setTimeout(run, reconciler.everyMs);
    });
  };

  run();
  return {
    wake: run,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      reconciler.interrupt?.();
      await underWay;
      await reconciler.settle?.();
    },
  };
}
