import { performance } from "node:perf_hooks";
import type {
  CoreV1Event,
  KubeConfig,
  KubernetesObject,
  V1Deployment,
  V1EndpointSlice,
  V1Pod,
} from "@kubernetes/client-node";
import { watchObjects } from "../api/wait-until.ts";
import { type Watched, watched } from "../api/watched.ts";

export interface WatchedWorkload {
  namespace: string;
  /** None when only a Service and its pods are of interest. */
  deployment?: string | undefined;
  /** Of the pods, as text. */
  selector: string;
  /** The Service before it, if any. */
  service?: string | undefined;
}

/** What there is at one moment. */
export interface WorkloadState {
  deployment: V1Deployment | undefined;
  /** All that the selector picks, those on their way out too; in order of their creation. */
  pods: V1Pod[];
  slices: V1EndpointSlice[];
}

/** A pod that is gone, as it was seen last, with how its containers ended if the kubelet told. */
export interface GonePod {
  atMs: number;
  pod: V1Pod;
}

export interface WorkloadWatch {
  now(): WorkloadState;
  gone: GonePod[];
  /**
   * Waits until find gives something, asked now and after every change; null when the seconds pass first. Throws the
   * signal's reason when it is aborted, or what broke the watch.
   */
  until<Found>(
    find: (state: WorkloadState) => Found | null | undefined | false,
    seconds: number,
  ): Promise<{ found: Found } | null>;
  /** Ends it; throws what broke it. */
  close(): Promise<void>;
}

export interface WatchListener {
  /** After every change of the Deployment, a pod or the Service's addresses. */
  onState(state: WorkloadState): void;
  /** For every event of the namespace that comes while it is watched. */
  onEvent(event: CoreV1Event): void;
}

/** Watches a Deployment with its pods, the addresses of its Service and the namespace's events. */
export async function watchWorkload(
  config: KubeConfig,
  { namespace, deployment: name, selector, service }: WatchedWorkload,
  listener: WatchListener,
  atMs: () => number,
  signal: AbortSignal,
): Promise<WorkloadWatch> {
  const end = new AbortController();
  const stop = AbortSignal.any([signal, end.signal]);
  const state: WorkloadState = { deployment: undefined, pods: [], slices: [] };
  const gone: GonePod[] = [];
  const waiting = new Set<() => void>();
  let broken: { error: unknown } | null = null;
  const wake = () => {
    for (const each of [...waiting]) each();
  };
  const changed = () => {
    listener.onState(state);
    wake();
  };

  const running: Promise<void>[] = [];
  const follow = <T extends KubernetesObject>(
    what: Watched,
    onChange: (objects: T[], change: { type: string; object: T } | null) => void,
  ): Promise<void> =>
    new Promise((first) => {
      const whole = watchObjects<T>(
        config,
        what,
        (objects, change) => {
          onChange(objects, change);
          first();
        },
        stop,
      )
        .catch((error: unknown) => {
          broken ??= { error };
          wake();
        })
        .finally(first);
      running.push(whole);
    });

  await Promise.all([
    name === undefined
      ? undefined
      : follow<V1Deployment>(watched("Deployment", namespace, { name }), ([deployment]) => {
          state.deployment = deployment;
          changed();
        }),
    follow<V1Pod>(watched("Pod", namespace, { labelSelector: selector }), (pods, change) => {
      if (change?.type === "DELETED") gone.push({ atMs: atMs(), pod: change.object });
      state.pods = pods;
      changed();
    }),
    service === undefined
      ? undefined
      : follow<V1EndpointSlice>(
          watched("EndpointSlice", namespace, { labels: { "kubernetes.io/service-name": service } }),
          (slices) => {
            state.slices = slices;
            changed();
          },
        ),
    follow<CoreV1Event>(watched("Event", namespace), (_events, change) => {
      if (change && change.type !== "DELETED") listener.onEvent(change.object);
    }),
  ]);

  return {
    now: () => ({ ...state }),
    gone,
    async until(find, seconds) {
      const limit = performance.now() + seconds * 1000;
      for (;;) {
        signal.throwIfAborted();
        if (broken) throw broken.error;
        const found = find({ ...state });
        if (found !== null && found !== undefined && found !== false) return { found };
        const left = limit - performance.now();
        if (left <= 0) return null;
        await new Promise<void>((resolve) => {
          const go = () => {
            clearTimeout(timer);
            waiting.delete(go);
            signal.removeEventListener("abort", go);
            resolve();
          };
          const timer = setTimeout(go, left);
          waiting.add(go);
          signal.addEventListener("abort", go, { once: true });
        });
      }
    },
    async close() {
      end.abort();
      await Promise.all(running);
      signal.throwIfAborted();
      if (broken) throw broken.error;
    },
  };
}
