import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { requestApi } from "../kit/api/request-api.ts";
import { waitUntil, watchObjects } from "../kit/api/wait-until.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainLate, staying, type Workload } from "../kit/pods/find-workload.ts";

export interface UpdateWanted {
  strategy: "RollingUpdate" | "OnDelete";
  maxUnavailable?: number | undefined;
  seconds: number;
}

/** An annotation of the template, which changes nothing but makes a new revision. */
const mark = "drydock/updated";

/** Changes a DaemonSet's template and judges in which way its pods are replaced. */
export async function judgeUpdate(
  context: CheckContext,
  workload: Workload,
  wanted: UpdateWanted,
): Promise<Part> {
  const { what, ref, namespace } = workload;
  const { strategy, maxUnavailable, seconds } = wanted;
  const expected =
    strategy === "OnDelete"
      ? `After a change of ${what}, each pod stays as it is until it is deleted (updateStrategy OnDelete)`
      : `After a change of ${what}, its pods are replaced within ${seconds} s${maxUnavailable === undefined ? "" : `, no more than ${maxUnavailable} at a time`} (updateStrategy RollingUpdate)`;
  const { apps } = createClients(context.kubernetes().admin, context.signal);
  const before = await apps.readNamespacedDaemonSet({ name: ref.name, namespace });
  const stated = before.spec?.updateStrategy?.type ?? "RollingUpdate";
  if (stated !== strategy)
    return {
      expected,
      problem: {
        happened: `${what} states updateStrategy ${stated}.`,
        fix: `Set spec.updateStrategy.type to ${strategy}.`,
      },
    };
  const problem =
    strategy === "OnDelete"
      ? await updateOnDelete(context, workload, seconds)
      : await updateRolling(context, workload, seconds, maxUnavailable);
  return { expected, problem };
}

async function markTemplate(context: CheckContext, { ref, namespace }: Workload): Promise<string> {
  const { admin } = context.kubernetes();
  const value = context.checkId;
  const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/${ref.name}`;
  const body = { spec: { template: { metadata: { annotations: { [mark]: value } } } } };
  const contentType = "application/merge-patch+json";
  const { body: after } = await requestApi<V1DaemonSet>(
    admin,
    { method: "PATCH", path, body, contentType },
    context.signal,
  );
  const generation = after.metadata?.generation ?? 0;
  context.log(`Changed the template of DaemonSet ${ref.name}: it is of generation ${generation} now.`);
  return value;
}

async function updateRolling(
  context: CheckContext,
  workload: Workload,
  seconds: number,
  maxUnavailable: number | undefined,
): Promise<Part["problem"]> {
  const over = new AbortController();
  let most = 0;
  const late = AbortSignal.timeout(seconds * 1000);
  let last: V1Pod[] = [];
  const value = await markTemplate(context, workload);
  await watchObjects<V1Pod>(
    context.kubernetes().admin,
    workload.pods,
    (pods) => {
      last = pods;
      most = Math.max(most, workload.desired - pods.filter(isReady).length);
      const isNew = (pod: V1Pod) => pod.metadata?.annotations?.[mark] === value;
      if (pods.length === workload.desired && pods.every((pod) => isReady(pod) && isNew(pod))) over.abort();
    },
    AbortSignal.any([over.signal, late, context.signal]),
  );
  context.signal.throwIfAborted();
  if (!over.signal.aborted) {
    const { happened, fix } = await explainLate(context, workload, last);
    return { happened: `After the change: ${happened}`, fix };
  }
  if (maxUnavailable === undefined || most <= maxUnavailable) return null;
  return {
    happened: `${most} pods were not ready at one time during the update.`,
    fix: `Set spec.updateStrategy.rollingUpdate.maxUnavailable to ${maxUnavailable}.`,
  };
}

/** Deletes one pod: it must come back new while all others are as they were. */
async function updateOnDelete(
  context: CheckContext,
  workload: Workload,
  seconds: number,
): Promise<Part["problem"]> {
  const { admin } = context.kubernetes();
  const { core } = createClients(admin, context.signal);
  const { items } = await core.listNamespacedPod({
    namespace: workload.namespace,
    labelSelector: workload.pods.labelSelector ?? "",
  });
  const value = await markTemplate(context, workload);
  const [first, ...others] = staying(items);
  if (!first?.metadata?.name) return { happened: `${workload.what} has no pods.`, fix: "Let it have pods." };
  await core.deleteNamespacedPod({ name: first.metadata.name, namespace: workload.namespace });
  const waited = await waitUntil<V1Pod, V1Pod[]>(
    admin,
    workload.pods,
    (pods) => pods.some((pod) => isReady(pod) && pod.metadata?.annotations?.[mark] === value) && pods,
    { seconds, signal: context.signal },
  );
  if (waited.outcome === "late") {
    const { happened, fix } = await explainLate(context, workload, waited.objects);
    return { happened: `After pod ${first.metadata.name} was deleted: ${happened}`, fix };
  }
  const stayed = others.every((pod) =>
    waited.found.some(({ metadata }) => metadata?.uid === pod.metadata?.uid),
  );
  return stayed
    ? null
    : {
        happened: "Pods that nobody deleted were replaced.",
        fix: "Set spec.updateStrategy.type to OnDelete.",
      };
}
