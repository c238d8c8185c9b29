import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { KubeConfig, KubernetesListObject, KubernetesObject } from "@kubernetes/client-node";
import { ApiRefused } from "./api-error.ts";
import { openApi, requestApi } from "./request-api.ts";
import type { Watched } from "./watched.ts";

/** When the time is over without any answer, the server is asked once more and gets this long. */
const defaultAnswerWithinMs = 15_000;
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
  /** How long a server that has said nothing by then is waited for beyond seconds. */
  answerWithinMs?: number;
}

/**
 * Watches objects until find gives something other than null, false or undefined; it is called with the objects as
 * they are and again after every change. Throws the signal's reason when it is aborted. Late is only said of objects that were
 * seen: a server that has not answered by then is asked once more, and throws when it still does not.
 */
export async function waitUntil<T extends KubernetesObject, Found>(
  config: KubeConfig,
  watched: Watched,
  find: (objects: T[]) => Found | null | undefined | false,
  { seconds, signal, onRefused, answerWithinMs = defaultAnswerWithinMs }: WaitOptions,
): Promise<WaitOutcome<T, Found>> {
  let last: T[] | null = null;
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
  const objects = last as T[] | null;
  if (result) return { outcome: "reached", found: result.found, objects: objects ?? [] };
  signal.throwIfAborted();
  if (objects !== null) return { outcome: "late", objects };
  const answer = await listWithin<T>(config, watched, answerWithinMs, signal, seconds ?? 0);
  const found = find(answer);
  if (found === null || found === undefined || found === false) return { outcome: "late", objects: answer };
  return { outcome: "reached", found, objects: answer };
}

async function listWithin<T extends KubernetesObject>(
  config: KubeConfig,
  watched: Watched,
  withinMs: number,
  signal: AbortSignal,
  secondsBefore: number,
): Promise<T[]> {
  const late = AbortSignal.timeout(withinMs);
  try {
    return (await list<T>(config, watched, AbortSignal.any([signal, late]))).objects;
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
    const seconds = secondsBefore + withinMs / 1000;
    throw new Error(
      `The API server did not say in ${seconds.toFixed(1)} s what there is at ${watched.path}.`,
    );
  }
}

/** Objects in order of their creation, and the version that a watch goes on from. */
async function list<T extends KubernetesObject>(
  config: KubeConfig,
  { path, labelSelector, fieldSelector }: Watched,
  signal: AbortSignal,
): Promise<{ objects: T[]; resourceVersion: string | undefined }> {
  const { body } = await requestApi<KubernetesListObject<T>>(
    config,
    { method: "GET", path, query: { labelSelector, fieldSelector } },
    signal,
  );
  return { objects: [...body.items].sort(byAge), resourceVersion: body.metadata?.resourceVersion };
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
  watched: Watched,
  onChange: OnChange<T>,
  signal: AbortSignal,
): Promise<void> {
  const { path, labelSelector, fieldSelector } = watched;
  const { objects: first, resourceVersion } = await list<T>(config, watched, signal);
  const objects = new Map(first.map((object) => [uidOf(object), object]));
  onChange(first, null);
  const query = { labelSelector, fieldSelector, watch: "true", allowWatchBookmarks: "true", resourceVersion };
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
