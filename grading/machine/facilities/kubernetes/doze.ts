/**
 * Less than the 10 seconds after which the controller manager takes a node for dead (control-plane.sh), or the
 * cluster would wake up with nodes that are not ready and pods that get no traffic.
 */
const sleepMs = 6_000;

export interface Sleeper {
  /** Stops every process of the cluster. */
  freeze(): Promise<void>;
  /** Also of one that is frozen in part only. */
  thaw(): Promise<void>;
  /** Resolves when every node has shown since the given instant that it lives. */
  seenSince(instant: Date, signal: AbortSignal): Promise<void>;
  /** Told once when the cluster cannot sleep and stays awake. */
  onError(error: unknown): void;
}

/**
 * Lets a cluster sleep until it is woken: stopped for seconds at a time, awake in between for as long as its nodes
 * take to show that they live. That costs half of the processor of an idle cluster that stays awake, or less.
 */
export function startDozing(sleeper: Sleeper, signal: AbortSignal): { wake(): Promise<void> } {
  const woken = new AbortController();
  const stop = AbortSignal.any([woken.signal, signal]);
  let thawedAt = new Date();

  async function nap(): Promise<void> {
    try {
      await sleeper.freeze();
      await sleep(stop);
    } finally {
      thawedAt = new Date();
      await sleeper.thaw();
    }
    await sleeper.seenSince(thawedAt, signal);
  }
  async function doze(): Promise<void> {
    while (!stop.aborted) await nap();
  }
  const dozing = doze().catch((error: unknown) => {
    if (!signal.aborted) sleeper.onError(error);
  });

  return {
    async wake() {
      woken.abort();
      await dozing;
      await sleeper.seenSince(thawedAt, signal);
    },
  };
}

function sleep(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, sleepMs);
    stop.addEventListener("abort", end);
  });
}
