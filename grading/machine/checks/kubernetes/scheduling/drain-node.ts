import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { apiRefusal } from "../kit/api/api-error.ts";
import { createClients, type KubernetesClients } from "../kit/api/clients.ts";
import { prepareNodes } from "../kit/prepare-nodes.ts";

/** Between two requests for an eviction that a PodDisruptionBudget does not allow yet; kubectl drain waits 5 s. */
const againMs = 1000;

export interface Drained {
  /** Pods that were evicted, by name. */
  evicted: string[];
  /** A pod that could not be evicted in time, with the API server's words. */
  stuck: { pod: string; words: string } | null;
  /** Lets the node take pods again. */
  uncordon(): Promise<void>;
}

/**
 * Cordons a node and evicts the pods of the exercise's namespaces that run on it, as kubectl drain does: through the
 * eviction API, which keeps to PodDisruptionBudgets, and not those of DaemonSets. Gives up after some seconds.
 */
export async function drainNode(context: CheckContext, node: string, seconds: number): Promise<Drained> {
  const deadline = performance.now() + seconds * 1000;
  const { admin, namespaces } = context.kubernetes();
  const clients = createClients(admin, context.signal);
  const cordoned = await prepareNodes(context, { [node]: { labels: {}, taints: [], cordon: true } });
  const evicted: string[] = [];
  try {
    const pods = (await Promise.all(namespaces.map((namespace) => podsOn(clients, node, namespace)))).flat();
    const tried = await Promise.all(pods.map((pod) => evict(clients, pod, deadline)));
    for (const [index, words] of tried.entries()) {
      const pod = pods[index]?.metadata?.name ?? "";
      if (words !== null) return { evicted, stuck: { pod, words }, uncordon: cordoned.undo };
      evicted.push(pod);
      context.log(`Evicted pod ${pod} from ${node}.`);
    }
    return { evicted, stuck: null, uncordon: cordoned.undo };
  } catch (error) {
    await cordoned.undo();
    throw error;
  }
}

async function podsOn({ core }: KubernetesClients, node: string, namespace: string): Promise<V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace, fieldSelector: `spec.nodeName=${node}` });
  return items.filter(
    ({ metadata, status }) =>
      !metadata?.ownerReferences?.some(({ kind }) => kind === "DaemonSet") &&
      status?.phase !== "Succeeded" &&
      status?.phase !== "Failed",
  );
}

/** Asks until the eviction is allowed; the API server's words when it was not by the deadline. */
async function evict(
  { core, signal }: KubernetesClients,
  pod: V1Pod,
  deadline: number,
): Promise<string | null> {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  for (;;) {
    try {
      await core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } });
      return null;
    } catch (error) {
      const refusal = apiRefusal(error);
      if (refusal?.code === 404) return null;
      // 429: a budget forbids it now. 500: several budgets pick the pod.
      if (refusal?.code !== 429 && refusal?.code !== 500) throw error;
      if (refusal.code === 500 || performance.now() + againMs > deadline)
        return budgetWords(error, refusal.message);
      await wait(againMs, undefined, { signal });
    }
  }
}

/** The refusal's causes name the budget and its counts. */
function budgetWords(error: unknown, message: string): string {
  const causes = apiRefusal(error)?.causes.map((cause) => cause.message) ?? [];
  return quoteOutput([message, ...causes].filter((text) => text !== "").join(" "));
}
