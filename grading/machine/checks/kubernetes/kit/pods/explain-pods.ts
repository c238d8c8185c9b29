import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../../kit/define-check.ts";
import { apiRefusal } from "../api/api-error.ts";
import { createClients, type KubernetesClients } from "../api/clients.ts";
import type { Trouble } from "../api/trouble.ts";
import { explainClaims } from "./explain-claims.ts";
import { containersOf, explainRestart } from "./explain-container.ts";
import { explainListening, podListeners } from "./explain-listening.ts";
import { explainNodeSelector } from "./explain-node-selector.ts";
import { explainPod, isReady } from "./explain-pod.ts";
import type { PodFacts } from "./pod-facts.ts";

export type { Trouble };

const mostPods = 20;

/**
 * Why pods of a namespace are not ready, or not for long: the first reason found among them, in their order. Asks the API server for
 * their events and, where a container ended, its last output. null when all are ready and never
 * ended, or nothing is known yet.
 */
export async function explainPods(
  context: CheckContext,
  namespace: string,
  pods: V1Pod[],
): Promise<Trouble | null> {
  const unready = pods.filter((pod) => !isReady(pod));
  // A pod that ends again and again is ready in between.
  const restarted = pods.filter((pod) => isReady(pod) && hasRestarted(pod));
  const suspects = [...unready, ...restarted].slice(0, mostPods);
  if (suspects.length === 0) return null;
  const cluster = context.kubernetes();
  const clients = createClients(cluster.admin, context.signal);
  const [events, images] = await Promise.all([eventsOf(clients, namespace), cluster.imageNames()]);
  for (const pod of suspects) {
    const own = events.filter((event) => event.involvedObject.uid === pod.metadata?.uid);
    const facts: PodFacts = { pod, events: own, logs: await lastLogs(clients, pod), images };
    const trouble = explainWaiting(facts, events) ?? explainRestarts(facts);
    if (trouble?.cause === "probe") return explainListening(trouble, pod, await podListeners(pod));
    if (trouble?.cause === "unschedulable" && pod.spec?.nodeSelector)
      return explainNodeSelector(trouble, pod, (await clients.core.listNode()).items);
    if (trouble) return trouble;
  }
  return null;
}

/** Of a volume that is not made, its claim's warning says more than the scheduler does. */
function explainWaiting(facts: PodFacts, events: CoreV1Event[]): Trouble | null {
  const told = explainPod(facts);
  const waitsForVolume =
    told === null || (told.cause === "unschedulable" && /unbound immediate Persistent/.test(told.happened));
  return (waitsForVolume ? explainClaims(facts.pod, events) : null) ?? told;
}

const hasRestarted = (pod: V1Pod) =>
  (pod.status?.containerStatuses ?? []).some((status) => status.restartCount > 0);

/** Why containers of a pod that runs just now were started again. */
const explainRestarts = (facts: PodFacts) =>
  containersOf(facts)
    .map(explainRestart)
    .find((trouble) => trouble !== null) ?? null;

/** Events of a namespace, oldest first. */
export async function eventsOf(clients: KubernetesClients, namespace: string): Promise<CoreV1Event[]> {
  const { items } = await clients.core.listNamespacedEvent({ namespace, limit: 1000 });
  return items.sort((a, b) => timeOf(a) - timeOf(b));
}

/** When an event was seen last, milliseconds. */
export const timeOf = (event: CoreV1Event) =>
  new Date(
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? 0,
  ).getTime();

/** The last lines that each container of a pod wrote before it ended. */
async function lastLogs(clients: KubernetesClients, pod: V1Pod): Promise<Map<string, string>> {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const ended = statuses.filter((status) => status.state?.terminated ?? status.lastState?.terminated);
  const logs = new Map<string, string>();
  for (const status of ended)
    logs.set(
      status.name,
      await readLog(clients, pod, status.name, { previous: status.state?.running !== undefined }),
    );
  return logs;
}

/** The last lines of a container's output; nothing when there is none any more. */
export async function readLog(
  clients: KubernetesClients,
  pod: V1Pod,
  container: string,
  { previous = false, lines = 15 }: { previous?: boolean; lines?: number } = {},
): Promise<string> {
  try {
    return await clients.core.readNamespacedPodLog({
      name: pod.metadata?.name ?? "",
      namespace: pod.metadata?.namespace ?? "",
      container,
      previous,
      tailLines: lines,
      limitBytes: 64 * 1024,
    });
  } catch (error) {
    // The container was never started, or its log was put away with it.
    const code = apiRefusal(error)?.code;
    if (code === 400 || code === 404) return "";
    throw error;
  }
}
