import { Resolver } from "node:dns/promises";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Pod, V1Service } from "@kubernetes/client-node";
import type { z } from "zod";
import { platformFault } from "../../kit/credit/platform-fault.ts";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { missingObject } from "../kit/api/missing-object.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { watched } from "../kit/api/watched.ts";
import { readyEndpoints, readyPods } from "../kit/drills/count-replicas.ts";
import { explainService, selectedPods } from "../kit/drills/explain-service.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { withProbePod } from "./probe-pod.ts";
import { kubernetesDns, type settings } from "./settings.ts";

/** The name server hears of a change a moment later, and keeps what it said for a few seconds. */
const followSeconds = 12;
const betweenTriesMs = 250;

export const findByName = defineClusterCheck(
  kubernetesDns,
  async (context, settings): Promise<CheckVerdict> => {
    const { admin, namespaces, probeNamespace } = context.kubernetes();
    const namespace = settings.namespace ?? namespaces[0];
    const name = settings.service;
    const clients = createClients(admin, context.signal);
    const missing = await missingObject(clients, "Service", namespace, name);
    const expected = `Other pods find Service ${name} by its name.`;
    if (missing) return { verdict: "failed", message: { expected, ...missing } };
    const service = await clients.core.readNamespacedService({ name, namespace });
    const kept = await judgeKind(context, service, settings);
    if (kept.problem) return judgeParts([kept], false, context.maxPoints, "");
    const full = `${name}.${namespace}.svc.cluster.local`;
    const asked = await askServer(context, service, full);
    if (asked.outcome === "wrong")
      return platformFault(expected, `The cluster's name server says ${asked.said} for ${full}.`);
    const parts: Part[] = [kept];
    const look = async (from: string, names: string[]) =>
      withProbePod(context, from, async (probe) => {
        for (const each of names) {
          const { found, right } = await lookUntilRight(context, service, () => probe.lookUp(each));
          context.log(`${each}, asked like a pod in ${from}: ${found.join(", ") || "no such name"}`);
          parts.push(judgeFound(each, from === namespace ? namespace : "another namespace", found, right));
        }
      });
    await look(namespace, [name]);
    await look(probeNamespace, [`${name}.${namespace}`, full]);
    const leadTo = (await addressesOf(context, service)).join(", ");
    const passed = `${name}, ${name}.${namespace} and ${full} lead to ${leadTo}.`;
    return judgeParts(parts, settings.partial, context.maxPoints, passed);
  },
);

/** Whether the Service is headless or not, as asked, and a headless one has a ready pod. */
async function judgeKind(
  context: CheckContext,
  service: V1Service,
  { headless, readySeconds }: z.output<typeof settings>,
): Promise<Part> {
  const what = `Service ${service.metadata?.name}`;
  const { clusterIP, type } = service.spec ?? {};
  const isHeadless = clusterIP === "None";
  const expected = headless ? `${what} is headless and has ready pods` : `${what} has an address of its own`;
  const broken = (happened: string, fix: string): Part => ({ expected, problem: { happened, fix } });
  if (type === "ExternalName")
    return broken(
      `${what} is of type ExternalName, a name for somewhere else.`,
      "Remove type: ExternalName.",
    );
  if (headless && !isHeadless)
    return broken(
      `${what} has the address ${clusterIP}, so its name leads there and not to its pods.`,
      `Set clusterIP: None in ${what}. Where it is there already, delete it first: its address cannot be changed.`,
    );
  if (!headless && isHeadless)
    return broken(`${what} has clusterIP: None, so its name leads to its pods.`, "Remove clusterIP: None.");
  if (!headless) return { expected, problem: null };
  const ready = await waitUntil<V1Pod, true>(
    context.kubernetes().admin,
    watched("Pod", service.metadata?.namespace ?? ""),
    (pods) => readyPods(selectedPods(service, pods)).length > 0,
    { seconds: readySeconds, signal: context.signal },
  );
  if (ready.outcome === "reached") return { expected, problem: null };
  const problem = await explainService(context, service, []);
  return broken(
    problem?.happened ?? `${what} has no ready pod.`,
    problem?.fix ?? "Let its pods become ready.",
  );
}

/** Addresses that the Service's name must lead to. */
async function addressesOf(context: CheckContext, service: V1Service): Promise<string[]> {
  const { clusterIP = "", publishNotReadyAddresses } = service.spec ?? {};
  if (clusterIP !== "None") return [clusterIP];
  const { name = "", namespace = "" } = service.metadata ?? {};
  const { core, discovery } = createClients(context.kubernetes().admin, context.signal);
  if (publishNotReadyAddresses) {
    // All pods then, also those that are not ready or about to end.
    const labelSelector = `kubernetes.io/service-name=${name}`;
    const { items } = await discovery.listNamespacedEndpointSlice({ namespace, labelSelector });
    return readyEndpoints(items)
      .map(({ address }) => address)
      .sort();
  }
  const { items } = await core.listNamespacedPod({ namespace });
  return readyPods(selectedPods(service, items))
    .map((pod) => pod.status?.podIP ?? "")
    .sort();
}

/** Asks the cluster's name server itself until it says what the API server says. */
async function askServer(
  context: CheckContext,
  service: V1Service,
  name: string,
): Promise<{ outcome: "right" } | { outcome: "wrong"; said: string }> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([context.kubernetes().dnsAddress]);
  let refused = "";
  const { found, right } = await lookUntilRight(context, service, () =>
    resolver.resolve4(name).then(
      (addresses) => addresses.sort(),
      (error: NodeJS.ErrnoException) => {
        refused = error.code ?? error.message;
        return [];
      },
    ),
  );
  if (found.length > 0 && isSame(found, right)) return { outcome: "right" };
  return { outcome: "wrong", said: found.join(", ") || refused };
}

/** Looks up until the answer is right, as pods may become ready meanwhile; gives the last one after some seconds. */
async function lookUntilRight(context: CheckContext, service: V1Service, lookUp: () => Promise<string[]>) {
  const end = performance.now() + followSeconds * 1000;
  for (;;) {
    const found = await lookUp();
    const right = await addressesOf(context, service);
    if (isSame(found, right) || performance.now() > end) return { found, right };
    await wait(betweenTriesMs, undefined, { signal: context.signal });
  }
}

const isSame = (found: string[], right: string[]) => found.join() === right.join();

function judgeFound(name: string, from: string, found: string[], right: string[]): Part {
  const expected = `${name} is found from ${from} and leads to ${right.join(", ")}`;
  if (isSame(found, right)) return { expected, problem: null };
  return {
    expected,
    problem: {
      happened:
        found.length === 0 ? `There is no such name as ${name}.` : `${name} leads to ${found.join(", ")}.`,
      fix: `Let the Service keep its name, and let its pods stay as they are while it is looked up.`,
    },
  };
}
