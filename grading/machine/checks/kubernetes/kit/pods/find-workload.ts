import type { V1DaemonSet, V1Pod, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { CheckContext } from "../../../kit/define-check.ts";
import { isNotFound } from "../api/api-error.ts";
import { createClients, type KubernetesClients } from "../api/clients.ts";
import { selectorText } from "../api/selectors.ts";
import type { Trouble } from "../api/trouble.ts";
import { waitUntil } from "../api/wait-until.ts";
import { type Watched, watched } from "../api/watched.ts";
import { type WorkloadRef, workloadInWords } from "../settings/workload-settings.ts";
import { isReady } from "./explain-pod.ts";
import { explainPods } from "./explain-pods.ts";
import { explainWorkload } from "./explain-workload.ts";

export interface Workload {
  ref: WorkloadRef;
  namespace: string;
  /** Such as “Deployment web”. */
  what: string;
  uid: string;
  template: V1PodTemplateSpec;
  /** Pods it asks for. */
  desired: number;
  /** Its pods, for watching. */
  pods: Watched;
}

export type WorkloadFound =
  | { outcome: "found"; workload: Workload }
  | { outcome: "missing"; trouble: Trouble };

/** Looks a student's workload up. */
export async function findWorkload(
  context: CheckContext,
  namespace: string,
  ref: WorkloadRef,
): Promise<WorkloadFound> {
  const clients = createClients(context.kubernetes().admin, context.signal);
  if (ref.kind === "DaemonSet") await untilSeen(context, namespace, ref.name);
  try {
    const read = await readWorkload(clients, { namespace, name: ref.name }, ref.kind);
    return { outcome: "found", workload: { ref, namespace, what: workloadInWords(ref), ...read } };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { outcome: "missing", trouble: missing(namespace, workloadInWords(ref)) };
  }
}

/** How many pods a DaemonSet asks for is known once its controller has looked at it; soon, where the cluster is well. */
async function untilSeen(context: CheckContext, namespace: string, name: string): Promise<void> {
  await waitUntil<V1DaemonSet, true>(
    context.kubernetes().admin,
    watched("DaemonSet", namespace, { name }),
    ([set]) => set === undefined || (set.status?.observedGeneration ?? 0) >= (set.metadata?.generation ?? 0),
    { seconds: 20, signal: context.signal },
  );
}

const missing = (namespace: string, what: string): Trouble => ({
  cause: "waiting",
  happened: `There is no ${what} in the namespace ${namespace}.`,
  fix: `Hand in ${what}, with exactly that name. If you did, mend first what the checks before this one say.`,
});

async function readWorkload(
  { apps, batch, core }: KubernetesClients,
  at: { namespace: string; name: string },
  kind: WorkloadRef["kind"],
): Promise<Pick<Workload, "uid" | "template" | "desired" | "pods">> {
  if (kind === "Pod") {
    const { metadata, spec } = await core.readNamespacedPod(at);
    const pods = watched("Pod", at.namespace, { name: at.name });
    const template: V1PodTemplateSpec = { ...(metadata ? { metadata } : {}), ...(spec ? { spec } : {}) };
    return { uid: metadata?.uid ?? "", template, desired: 1, pods };
  }
  const object = await (kind === "Deployment"
    ? apps.readNamespacedDeployment(at)
    : kind === "StatefulSet"
      ? apps.readNamespacedStatefulSet(at)
      : kind === "DaemonSet"
        ? apps.readNamespacedDaemonSet(at)
        : batch.readNamespacedJob(at));
  const { spec, status, metadata } = object;
  const desired =
    status && "desiredNumberScheduled" in status
      ? status.desiredNumberScheduled
      : spec && "parallelism" in spec
        ? (spec.parallelism ?? 1)
        : spec && "replicas" in spec
          ? (spec.replicas ?? 1)
          : 1;
  return {
    uid: metadata?.uid ?? "",
    template: spec?.template ?? {},
    desired,
    pods: watched("Pod", at.namespace, { labelSelector: selectorText(spec?.selector) }),
  };
}

/** Pods that are not on their way out. */
export const staying = (pods: V1Pod[]) => pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined);

export type PodsReady =
  | { outcome: "ready"; pods: V1Pod[] }
  /** Why not, as far as the cluster says. */
  | { outcome: "late"; trouble: Trouble; pods: V1Pod[] };

/** Waits until as many pods as the workload asks for are ready, or have done their work, and no other is left. */
export async function waitForPods(
  context: CheckContext,
  workload: Workload,
  seconds: number,
): Promise<PodsReady> {
  const { admin } = context.kubernetes();
  const waited = await waitUntil<V1Pod, V1Pod[]>(
    admin,
    workload.pods,
    (pods) => pods.length === workload.desired && pods.every(isUp) && pods,
    { seconds, signal: context.signal },
  );
  if (waited.outcome === "reached") return { outcome: "ready", pods: waited.found };
  return {
    outcome: "late",
    trouble: await explainLate(context, workload, waited.objects),
    pods: waited.objects,
  };
}

const isUp = (pod: V1Pod) => isReady(pod) || pod.status?.phase === "Succeeded";

/** Why a workload's pods are not as it asks for. */
export async function explainLate(
  context: CheckContext,
  workload: Workload,
  pods: V1Pod[],
): Promise<Trouble> {
  const { ref, namespace } = workload;
  if (ref.kind !== "Pod") return explainWorkload(context, ref.kind, namespace, ref.name);
  return (
    (await explainPods(context, namespace, pods)) ?? {
      cause: "waiting",
      happened: `${workload.what} is not ready, and the cluster names no reason yet.`,
      fix: "Make its program start faster, and let its readiness probe ask early and often.",
    }
  );
}
