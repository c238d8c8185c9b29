import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import {
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  loadAllYaml,
  type V1Deployment,
  type V1Node,
  type V1ServiceAccount,
} from "@kubernetes/client-node";
import { apiRefusal } from "../../checks/parts/kubernetes/api-error.ts";
import { waitUntil } from "../../checks/parts/kubernetes/wait-until.ts";
import { watched } from "../../checks/parts/kubernetes/watched.ts";
import type { KubernetesSpec } from "../../exercises/spec.ts";
import { type NodePlan, place } from "./cluster-plan.ts";
import { probeNamespace, studentNamespace } from "./student-namespaces.ts";

const betweenAsksMs = 50;

/** Makes namespaces, rights and the name server as soon as the API server answers; nodes need not be there. */
export async function fillCluster(admin: KubeConfig, spec: KubernetesSpec): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(admin);
  const inOrder = async (objects: KubernetesObject[]) => {
    for (const object of objects) await api.create(object);
  };
  await Promise.all([
    inOrder(await readObjects("images-are-on-the-nodes.yaml")),
    inOrder(await nameServer(spec.nodes)),
    inOrder([probeNamespace()]),
    ...spec.namespaces.map((name) => inOrder(studentNamespace(name, spec.podSecurity))),
  ]);
}

const readObjects = async (file: string) =>
  loadAllYaml(await readFile(`${place.scripts}/${file}`, "utf8")) as KubernetesObject[];

/** CoreDNS twice where one of two nodes may be stopped. */
async function nameServer(nodes: number): Promise<KubernetesObject[]> {
  const objects = await readObjects("coredns.yaml");
  for (const object of objects)
    if (object.kind === "Deployment") {
      const { spec } = object as V1Deployment;
      if (spec) spec.replicas = Math.min(nodes, 2);
    }
  return objects;
}

/**
 * Resolves when all nodes are ready, names are answered at the Service's address and namespaces take pods. What the API
 * server refuses on the way is said in the machine's diary and asked again.
 */
export async function waitUntilReady(
  admin: KubeConfig,
  nodes: readonly NodePlan[],
  spec: KubernetesSpec,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const namespaces = [...spec.namespaces, place.probeNamespace];
  const options = { signal, onRefused: sayOnce(say) };
  await Promise.all([
    waitUntil(
      admin,
      { path: "/api/v1/nodes" },
      (found: V1Node[]) =>
        nodes.every(({ name }) => found.some((node) => node.metadata?.name === name && isReady(node))),
      options,
    ),
    waitUntil(
      admin,
      watched("Deployment", "kube-system", { name: "coredns" }),
      (found: V1Deployment[]) => found.some(({ status }) => (status?.readyReplicas ?? 0) > 0),
      options,
    ),
    awaitNames(signal),
    // Without it the pods of a namespace are refused.
    waitUntil(
      admin,
      { path: "/api/v1/serviceaccounts" },
      (found: V1ServiceAccount[]) =>
        namespaces.every((namespace) =>
          found.some(({ metadata }) => metadata?.namespace === namespace && metadata.name === "default"),
        ),
      options,
    ),
  ]);
}

/** A line for each refusal that is new, however often it comes again. */
function sayOnce(say: (line: string) => void): (refusal: Error) => void {
  const said = new Set<string>();
  return (refusal) => {
    const line = `kubernetes: the API server refused a watch: ${apiRefusal(refusal)?.message || refusal.message}`;
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}

/** Through the machine's way to Services: nodes, name server and routes all take part in an answer. */
async function awaitNames(signal: AbortSignal): Promise<void> {
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([place.dns]);
  for (;;) {
    signal.throwIfAborted();
    try {
      await resolver.resolve4("kubernetes.default.svc.cluster.local");
      return;
    } catch (error) {
      // Not there yet, or not yet reached.
      if (!["ETIMEOUT", "ECONNREFUSED", "ESERVFAIL", "ENOTFOUND"].includes((error as { code: string }).code))
        throw error;
    }
    await wait(betweenAsksMs, undefined, { signal });
  }
}

const isReady = (node: V1Node) =>
  node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
