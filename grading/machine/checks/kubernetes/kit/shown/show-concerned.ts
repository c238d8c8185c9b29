import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { shownLimits } from "../../../../../protocol/messages.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { isNotFound } from "../api/api-error.ts";
import { createClients, type KubernetesClients } from "../api/clients.ts";
import { labelSelector } from "../api/watched.ts";
import { isReady } from "../pods/explain-pod.ts";
import { eventsOf, readLog } from "../pods/explain-pods.ts";
import { podsOf, readObject, type WorkloadKind } from "../pods/explain-workload.ts";
import { showEvents } from "./show-events.ts";

/** What a check looks at, by kind and name. */
export interface Concerned {
  /** The exercise's first when left out. */
  namespace: string | undefined;
  named: { kind: WorkloadKind | "Pod" | "Service"; name: string }[];
}

/** All of it together: a node that answers nothing must not hold up a verdict. */
const mostMs = 8000;

/**
 * Lays open what the pods concerned wrote last, first of those that are not well, and the events about them. What
 * cannot be had is left out and told to staff: the verdict is there already.
 */
export async function showConcerned(
  context: CheckContext,
  { namespace: stated, named }: Concerned,
  containers: number,
): Promise<void> {
  const cluster = context.kubernetes();
  const namespace = stated ?? cluster.namespaces[0];
  try {
    const clients = createClients(
      cluster.admin,
      AbortSignal.any([context.signal, AbortSignal.timeout(mostMs)]),
    );
    const pods: V1Pod[] = [];
    for (const each of named) pods.push(...(await podsBehind(clients, namespace, each)));
    const different = new Map(pods.map((pod) => [pod.metadata?.uid ?? "", pod]));
    const concerned = [...different.values()].sort(worstFirst);
    await showLogs(context, clients, concerned, containers);
    const events = await eventsOf(clients, namespace);
    showEvents(
      context,
      events.filter((event) => isAbout(event, named, different)),
    );
  } catch (error) {
    context.staff(`What the pods wrote could not be read: ${String(error)}`);
  }
}

async function podsBehind(
  clients: KubernetesClients,
  namespace: string,
  { kind, name }: Concerned["named"][number],
): Promise<V1Pod[]> {
  try {
    if (kind === "Pod") return [await clients.core.readNamespacedPod({ name, namespace })];
    if (kind === "Service") {
      const { spec } = await clients.core.readNamespacedService({ name, namespace });
      if (Object.keys(spec?.selector ?? {}).length === 0) return [];
      const selector = labelSelector(spec?.selector ?? {});
      return (await clients.core.listNamespacedPod({ namespace, labelSelector: selector })).items;
    }
    const { spec } = await readObject(clients, kind, { name, namespace });
    return await podsOf(clients, namespace, spec?.selector);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

const statusesOf = ({ status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];
const restartsOf = (pod: V1Pod) => statusesOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0);
const rankOf = (pod: V1Pod) => (restartsOf(pod) > 0 ? 0 : isReady(pod) ? 2 : 1);
const bornAt = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
/** Those that were started again, then those that are not ready, then the rest; the newest of each first. */
const worstFirst = (a: V1Pod, b: V1Pod) => rankOf(a) - rankOf(b) || bornAt(b) - bornAt(a);

async function showLogs(
  context: CheckContext,
  clients: KubernetesClients,
  pods: V1Pod[],
  containers: number,
): Promise<void> {
  let room = containers;
  for (const pod of pods)
    for (const status of statusesOf(pod)) {
      if (room === 0) return;
      const said = await lastWords(clients, pod, status);
      if (said.text.trim() === "") continue;
      room -= 1;
      const title = `What container ${status.name} of pod ${pod.metadata?.name} wrote${said.when}`;
      context.shown.excerpt(title).write(Buffer.from(said.text));
    }
}

/** Of a container that was started again, what it wrote before says why. */
async function lastWords(
  clients: KubernetesClients,
  pod: V1Pod,
  { name, restartCount, state }: V1ContainerStatus,
) {
  if (restartCount > 0 && state?.terminated === undefined) {
    const text = await readLog(clients, pod, name, { previous: true, lines: shownLimits.lines });
    if (text.trim() !== "") return { text, when: " before it was started again" };
  }
  return { text: await readLog(clients, pod, name, { lines: shownLimits.lines }), when: "" };
}

/** About an object that is named, one of its pods, or what was made for it, whose name begins with its name. */
const isAbout = (
  { involvedObject: { name = "", uid = "" } }: CoreV1Event,
  named: Concerned["named"],
  pods: ReadonlyMap<string, V1Pod>,
) => pods.has(uid) || named.some((each) => name === each.name || name.startsWith(`${each.name}-`));
