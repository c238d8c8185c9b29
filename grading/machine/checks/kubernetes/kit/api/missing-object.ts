import type { KubernetesListObject, KubernetesObject } from "@kubernetes/client-node";
import { isNotFound } from "./api-error.ts";
import type { KubernetesClients } from "./clients.ts";
import { requestApi } from "./request-api.ts";
import { type WatchedKind, watched } from "./watched.ts";

/** Says that an object is not there, and what of its kind is; null when it is there. */
export async function missingObject(
  { config, signal }: KubernetesClients,
  kind: WatchedKind,
  namespace: string,
  name: string,
): Promise<{ happened: string; fix: string } | null> {
  const { path } = watched(kind, namespace);
  try {
    await requestApi(config, { method: "GET", path: `${path}/${name}` }, signal);
    return null;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const { body } = await requestApi<KubernetesListObject<KubernetesObject>>(
    config,
    { method: "GET", path, query: { limit: "20" } },
    signal,
  );
  const names = body.items.map((item) => item.metadata?.name ?? "");
  return {
    happened: `There is no ${kind} ${name} in the namespace ${namespace}; it has ${names.length > 0 ? names.map((each) => `${kind} ${each}`).join(", ") : `no ${kind}`}.`,
    fix: `Hand in a ${kind} with metadata.name: ${name}.`,
  };
}
