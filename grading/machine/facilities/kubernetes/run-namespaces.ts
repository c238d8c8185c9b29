import {
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  type V1ServiceAccount,
} from "@kubernetes/client-node";
import { apiRefusal } from "../../checks/kubernetes/kit/api/api-error.ts";
import { waitUntil } from "../../checks/kubernetes/kit/api/wait-until.ts";
import type { KubernetesSettings } from "../kinds/kubernetes.ts";
import { studentNamespace } from "./student-namespaces.ts";

/** Makes the exercise's namespaces with all that a student meets there. Resolves when they take pods. */
export async function makeRunNamespaces(
  admin: KubeConfig,
  spec: KubernetesSettings,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([
    ...spec.namespaces.map((name) => makeInOrder(admin, studentNamespace(name, spec.podSecurity))),
    awaitNamespaces(admin, spec.namespaces, say, signal),
  ]);
}

export async function makeInOrder(admin: KubeConfig, objects: KubernetesObject[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(admin);
  for (const object of objects) await api.create(object);
}

/** Without its default service account the pods of a namespace are refused. */
export async function awaitNamespaces(
  admin: KubeConfig,
  namespaces: string[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await waitUntil(
    admin,
    { path: "/api/v1/serviceaccounts" },
    (found: V1ServiceAccount[]) =>
      namespaces.every((namespace) =>
        found.some(({ metadata }) => metadata?.namespace === namespace && metadata.name === "default"),
      ),
    { signal, onRefused: sayOnce(say) },
  );
}

/** A line for each refusal that is new, however often it comes again. */
export function sayOnce(say: (line: string) => void): (refusal: Error) => void {
  const said = new Set<string>();
  return (refusal) => {
    const line = `kubernetes: the API server refused a watch: ${apiRefusal(refusal)?.message || refusal.message}`;
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}
