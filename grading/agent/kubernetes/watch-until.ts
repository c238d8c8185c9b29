import { type KubeConfig, type KubernetesObject, Watch } from "@kubernetes/client-node";

/**
 * Watches a list (such as /api/v1/nodes) and resolves as soon as what is in it satisfies `enough`. A watch that ends is
 * made again. Rejects with the signal's reason.
 */
export async function watchUntil<T extends KubernetesObject>(
  config: KubeConfig,
  list: string,
  enough: (objects: T[]) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await watchOnce(config, list, enough, signal)) return;
  }
}

async function watchOnce<T extends KubernetesObject>(
  config: KubeConfig,
  list: string,
  enough: (objects: T[]) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const objects = new Map<string, T>();
  let end: (found: boolean) => void = () => undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const ended = new Promise<boolean>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const onChange = (phase: string, object: T) => {
    const key = `${object.metadata?.namespace}/${object.metadata?.name}`;
    if (phase === "DELETED") objects.delete(key);
    else if (phase === "ADDED" || phase === "MODIFIED") objects.set(key, object);
    if (enough([...objects.values()])) end(true);
  };
  const request = await new Watch(config).watch(list, {}, onChange, () => end(false));
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await ended;
  } finally {
    signal.removeEventListener("abort", onAbort);
    request.abort();
  }
}
