import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { KubeConfig, KubernetesListObject, KubernetesObject } from "@kubernetes/client-node";
import { ApiRefused } from "./api-error.ts";
import { openApi, requestApi } from "./request-api.ts";
import type { Watched } from "./watched.ts";

/** Before a watch is made again: a server that ends or refuses each one is not asked without a pause. */
const betweenWatchesMs = 100;

export type WaitOutcome<T, Found> =
  | { outcome: "reached"; found: Found; objects: T[] }
  /** seconds passed first; objects as they were then. */
  | { outcome: "late"; objects: T[] };

export interface WaitOptions {
  /** Gives up after so many; without it only the signal ends the waiting. */
  seconds?: number;
  signal: AbortSignal;
  /** See watchObjects. */
  onRefused?: (refusal: Error) => void;
}

/**
 * Watches objects until find gives something other than null, false or undefined; it is called with the objects as
 * they are and again after every change. Throws the signal's reason when it is aborted.
 */
export async function waitUntil<T extends KubernetesObject, Found>(
  config: KubeConfig,
  watched: Watched,
  find: (objects: T[]) => Found | null | undefined | false,
  { seconds, signal, onRefused }: WaitOptions,
): Promise<WaitOutcome<T, Found>> {
  let last: T[] = [];
  let reached: { found: Found } | null = null;
  const late = new AbortController();
  const enough = new AbortController();
  const timer = seconds === undefined ? undefined : setTimeout(() => late.abort(), seconds * 1000);
  try {
    const stop = AbortSignal.any([signal, late.signal, enough.signal]);
    await watchObjects<T>(
      config,
      watched,
      (objects) => {
        last = objects;
        if (reached) return;
        const found = find(objects);
        if (found === null || found === undefined || found === false) return;
        reached = { found };
        enough.abort();
      },
      stop,
      onRefused,
    );
  } finally {
    clearTimeout(timer);
  }
  // An assignment in a callback is not seen by the compiler.
  const result = reached as { found: Found } | null;
  if (result) return { outcome: "reached", found: result.found, objects: last };
  signal.throwIfAborted();
  return { outcome: "late", objects: last };
}

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: KubernetesObject & { code?: number; message?: string };
}

type OnChange<T> = (
  objects: T[],
  changed: { type: "ADDED" | "MODIFIED" | "DELETED"; object: T } | null,
) => void;

/**
 * Calls onChange with all objects at first and after every change, with the object that changed, until the signal is
 * aborted; resolves then. Objects are in order of their creation, with times as text as the API writes them. Rejects
 * with what onChange throws, and when the API server refuses or cannot be reached; with onRefused, for a server that
 * is still starting, that is told what was refused and the watch is made again.
 */
export async function watchObjects<T extends KubernetesObject>(
  config: KubeConfig,
  watched: Watched,
  onChange: OnChange<T>,
  signal: AbortSignal,
  onRefused?: (refusal: Error) => void,
): Promise<void> {
  try {
    for (;;) {
      try {
        await watchOnce(config, watched, onChange, signal);
      } catch (error) {
        if (signal.aborted || !onRefused || !isRefusal(error)) throw error;
        onRefused(error);
      }
      await wait(betweenWatchesMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Resolves when the server ends the watch, or forgot the version that it began with. */
async function watchOnce<T extends KubernetesObject>(
  config: KubeConfig,
  { path, labelSelector, fieldSelector }: Watched,
  onChange: OnChange<T>,
  signal: AbortSignal,
): Promise<void> {
  const selectors = { labelSelector, fieldSelector };
  const { body } = await requestApi<KubernetesListObject<T>>(
    config,
    { method: "GET", path, query: selectors },
    signal,
  );
  const objects = new Map(body.items.map((object) => [uidOf(object), object]));
  onChange([...objects.values()].sort(byAge), null);
  const { resourceVersion } = body.metadata ?? {};
  const query = { ...selectors, watch: "true", allowWatchBookmarks: "true", resourceVersion };
  const stream = await openApi(config, { method: "GET", path, query }, signal);
  for await (const event of eventsOf(stream, signal)) {
    if (event.type === "ERROR" && event.object.code === 410) return;
    if (event.type === "ERROR")
      throw new ApiRefused(`Watching ${path}`, event.object.code ?? 500, JSON.stringify(event.object));
    if (event.type === "BOOKMARK") continue;
    const object = event.object as T;
    if (event.type === "DELETED") objects.delete(uidOf(object));
    else objects.set(uidOf(object), object);
    onChange([...objects.values()].sort(byAge), { type: event.type, object });
  }
}

/** The API server's word, or the system's about the connection to it; never what onChange threw. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error &&
  (error instanceof ApiRefused ||
    "syscall" in error ||
    // Cut before the answer was whole.
    ("code" in error && error.code === "ECONNRESET"));

/** One JSON object a line. */
async function* eventsOf(stream: Readable, signal: AbortSignal): AsyncGenerator<WatchEvent> {
  const onAbort = () => void stream.destroy(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    let rest = "";
    for await (const text of stream.setEncoding("utf8")) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        signal.throwIfAborted();
        yield JSON.parse(line) as WatchEvent;
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stream.destroy();
  }
}

const uidOf = (object: KubernetesObject) => object.metadata?.uid ?? object.metadata?.name ?? "";
const byAge = (a: KubernetesObject, b: KubernetesObject) => ageOf(a) - ageOf(b) || compareNames(a, b);
/** Objects of a raw answer hold text where the typed clients hold dates. */
const ageOf = (object: KubernetesObject) =>
  new Date((object.metadata?.creationTimestamp as Date | string | undefined) ?? 0).getTime();
const compareNames = (a: KubernetesObject, b: KubernetesObject) =>
  (a.metadata?.name ?? "") < (b.metadata?.name ?? "") ? -1 : 1;
