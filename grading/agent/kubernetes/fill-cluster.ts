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
import type { KubernetesSpec } from "../../exercises/spec.ts";
import { type NodePlan, place } from "./cluster-plan.ts";
import { probeNamespace, studentNamespace } from "./student-namespaces.ts";
import { watchUntil } from "./watch-until.ts";

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

/** Resolves when all nodes are ready, names are answered at the Service's address and namespaces take pods. */
export async function waitUntilReady(
  admin: KubeConfig,
  nodes: readonly NodePlan[],
  spec: KubernetesSpec,
  signal: AbortSignal,
): Promise<void> {
  const namespaces = [...spec.namespaces, place.probeNamespace];
  await Promise.all([
    watchUntil<V1Node>(
      admin,
      "/api/v1/nodes",
      (found) =>
        nodes.every(({ name }) => found.some((node) => node.metadata?.name === name && isReady(node))),
      signal,
    ),
    watchUntil<V1Deployment>(
      admin,
      "/apis/apps/v1/namespaces/kube-system/deployments",
      (found) =>
        found.some((one) => one.metadata?.name === "coredns" && (one.status?.readyReplicas ?? 0) > 0),
      signal,
    ),
    awaitNames(signal),
    // Without it the pods of a namespace are refused.
    watchUntil<V1ServiceAccount>(
      admin,
      "/api/v1/serviceaccounts",
      (found) =>
        namespaces.every((namespace) =>
          found.some(({ metadata }) => metadata?.namespace === namespace && metadata.name === "default"),
        ),
      signal,
    ),
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

const isReady = (node: V1Node) =>
  node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
