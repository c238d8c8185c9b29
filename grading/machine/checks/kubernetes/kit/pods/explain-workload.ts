import type {
  V1DaemonSet,
  V1Deployment,
  V1Job,
  V1LabelSelector,
  V1Pod,
  V1ReplicaSet,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { CheckContext } from "../../../kit/define-check.ts";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import { isNotFound } from "../api/api-error.ts";
import { createClients, type KubernetesClients } from "../api/clients.ts";
import { selectorText } from "../api/selectors.ts";
import type { Trouble } from "../api/trouble.ts";
import { eventsOf, explainPods } from "./explain-pods.ts";
import { explainAdmission } from "./refused-creation.ts";

export type WorkloadKind = "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job";

/** Why a workload's pods are not as many or not as ready as it asks for; always says something. */
export async function explainWorkload(
  context: CheckContext,
  kind: WorkloadKind,
  namespace: string,
  name: string,
): Promise<Trouble> {
  const clients = createClients(context.kubernetes().admin, context.signal);
  const what = `${kind} ${name}`;
  let workload: Workload;
  try {
    workload = await readWorkload(clients, kind, namespace, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return missingWorkload(what, namespace);
  }
  if (workload.paused)
    return {
      cause: "paused",
      happened: `${what} is paused (spec.paused), so changes of it are not rolled out.`,
      fix: "Remove spec.paused.",
    };
  const pods = (await podsOf(clients, namespace, workload.selector)).sort(newestFirst);
  return (
    (await explainRefusedPods(clients, what, namespace, workload, pods)) ??
    (await explainPods(context, namespace, pods)) ??
    stillStarting(what, pods)
  );
}

interface Workload {
  uid: string;
  selector: V1LabelSelector | undefined;
  paused: boolean;
  /** What a condition of it says about pods that could not be made. */
  failure: string | null;
}

const missingWorkload = (what: string, namespace: string): Trouble => ({
  cause: "waiting",
  happened: `There is no ${what} in the namespace ${namespace}.`,
  fix: `Hand in ${what}, with exactly that name. If you did, mend first what the checks before this one say.`,
});

async function readWorkload(
  clients: KubernetesClients,
  kind: WorkloadKind,
  namespace: string,
  name: string,
): Promise<Workload> {
  const object = await readObject(clients, kind, { name, namespace });
  const failure = object.status?.conditions?.find(
    (condition) => condition.type === "ReplicaFailure" && condition.status === "True",
  );
  return {
    uid: object.metadata?.uid ?? "",
    selector: object.spec?.selector,
    paused:
      kind === "Deployment" &&
      object.spec !== undefined &&
      "paused" in object.spec &&
      object.spec.paused === true,
    failure: failure?.message ?? null,
  };
}

/** The workload itself. Throws the API server's refusal. */
export function readObject(
  { apps, batch }: KubernetesClients,
  kind: WorkloadKind,
  at: { name: string; namespace: string },
): Promise<V1Deployment | V1ReplicaSet | V1StatefulSet | V1DaemonSet | V1Job> {
  switch (kind) {
    case "Deployment":
      return apps.readNamespacedDeployment(at);
    case "ReplicaSet":
      return apps.readNamespacedReplicaSet(at);
    case "StatefulSet":
      return apps.readNamespacedStatefulSet(at);
    case "DaemonSet":
      return apps.readNamespacedDaemonSet(at);
    case "Job":
      return batch.readNamespacedJob(at);
  }
}

/** Pods that a selector picks. */
export async function podsOf(
  clients: KubernetesClients,
  namespace: string,
  selector: V1LabelSelector | undefined,
): Promise<V1Pod[]> {
  const { items } = await clients.core.listNamespacedPod({
    namespace,
    labelSelector: selectorText(selector),
  });
  return items;
}

/** Pods that the API server did not take from the controller: quota, Pod Security, a service account that is not there. */
async function explainRefusedPods(
  clients: KubernetesClients,
  what: string,
  namespace: string,
  workload: Workload,
  pods: V1Pod[],
): Promise<Trouble | null> {
  const events = await eventsOf(clients, namespace);
  const own = events.findLast(
    (event) => event.involvedObject.uid === workload.uid && event.reason === "FailedCreate",
  );
  // A refusal that a controller got over, because pods were taken later, is no reason any more.
  const words = workload.failure ?? (pods.length === 0 ? own?.message : undefined);
  if (!words) return null;
  const admission = explainAdmission(`Pods of ${what}`, words);
  if (admission) return admission;
  return {
    cause: "admission",
    happened: `Pods of ${what} are not taken: the API server said ${quoteOutput(words)}.`,
    fix: "Correct what these words name in the pod's template.",
  };
}

function stillStarting(what: string, pods: V1Pod[]): Trouble {
  const phases = pods.map((pod) => `${pod.metadata?.name} (${pod.status?.phase ?? "unknown"})`).slice(0, 10);
  return {
    cause: "waiting",
    happened:
      pods.length === 0
        ? `${what} has no pods yet.`
        : `${what} is not ready, and the cluster names no reason yet. Its pods: ${phases.join(", ")}.`,
    fix: "Make its pods ready sooner: let the program start faster, and let its readiness probe ask early and often (initialDelaySeconds, periodSeconds).",
  };
}

const newestFirst = (a: V1Pod, b: V1Pod) => ageOf(b) - ageOf(a);
const ageOf = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
