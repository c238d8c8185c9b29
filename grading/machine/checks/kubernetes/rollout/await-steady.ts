import { performance } from "node:perf_hooks";
import type { KubeConfig, KubernetesObject } from "@kubernetes/client-node";
import { waitUntil } from "../kit/api/wait-until.ts";
import type { Watched } from "../kit/api/watched.ts";

export type SteadyOutcome<T> = { outcome: "steady" | "late"; objects: T[] };

/**
 * Waits until objects are as wanted and stay so for a while. A program that ends at once is ready for a moment again
 * and again, which is not enough.
 */
export async function awaitSteady<T extends KubernetesObject>(
  config: KubeConfig,
  watched: Watched,
  isWanted: (objects: T[]) => boolean,
  { seconds, steadySeconds, signal }: { seconds: number; steadySeconds: number; signal: AbortSignal },
): Promise<SteadyOutcome<T>> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const left = Math.max(0, (end - performance.now()) / 1000);
    const reached = await waitUntil<T, true>(config, watched, isWanted, { seconds: left, signal });
    if (reached.outcome === "late") return { outcome: "late", objects: reached.objects };
    const lost = await waitUntil<T, true>(config, watched, (objects) => !isWanted(objects), {
      seconds: steadySeconds,
      signal,
    });
    if (lost.outcome === "late") return { outcome: "steady", objects: lost.objects };
  }
}
