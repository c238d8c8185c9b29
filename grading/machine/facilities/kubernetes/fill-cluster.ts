import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import {
  type KubeConfig,
  type KubernetesObject,
  loadAllYaml,
  type V1Deployment,
  type V1Node,
} from "@kubernetes/client-node";
import { waitUntil } from "../../checks/kubernetes/kit/api/wait-until.ts";
import { watched } from "../../checks/kubernetes/kit/api/watched.ts";
import { type NodePlan, place } from "./cluster-plan.ts";
import { awaitNamespaces, makeInOrder, sayOnce } from "./run-namespaces.ts";
import { probeNamespace } from "./student-namespaces.ts";

const betweenAsksMs = 50;

/** Makes what is the same for every exercise as soon as the API server answers; nodes need not be there. */
export async function fillCluster(admin: KubeConfig, nodes: number): Promise<void> {
  await Promise.all([
    makeInOrder(admin, await readObjects("images-are-on-the-nodes.yaml")),
    makeInOrder(admin, await nameServer(nodes)),
    makeInOrder(admin, [probeNamespace()]),
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
 * Resolves when all nodes are ready, names are answered at the Service's address and pods can be sent to ask. What the
 * API server refuses on the way is said in the machine's diary and asked again.
 */
export async function waitUntilReady(
  admin: KubeConfig,
  nodes: readonly NodePlan[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
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
    awaitNamespaces(admin, [place.probeNamespace], say, signal),
  ]);
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

export const isReady = (node: V1Node) =>
  node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
