import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { awaitCrash } from "../kit/pods/await-crash.ts";
import { findWorkload, waitForPods } from "../kit/pods/find-workload.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { judgeStableNames } from "./judge-stable-names.ts";
import { judgeVolume } from "./judge-volume.ts";
import { kubernetesStatefulset, type Settings } from "./settings.ts";
import { judgeOrder, type Ordered, ordered, podNames } from "./watch-order.ts";

export const judgeStatefulSet = defineClusterCheck(kubernetesStatefulset, async (context, settings) => {
  const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
  const what = `StatefulSet ${settings.statefulSet}`;
  const expected = `${what} has all its pods ready within ${settings.readySeconds} s.`;
  const failed = ({ happened, fix }: { happened: string; fix: string }) =>
    ({ verdict: "failed", message: { expected, happened, fix } }) as const;
  const found = await findWorkload(context, namespace, { kind: "StatefulSet", name: settings.statefulSet });
  if (found.outcome === "missing") return failed(found.trouble);
  const { desired } = found.workload;
  if (desired === 0)
    return failed({ happened: `${what} asks for no replicas.`, fix: "Set spec.replicas to 1 or more." });
  const up = await waitForPods(context, found.workload, settings.readySeconds);
  if (up.outcome === "late") return failed(up.trouble);
  const crash = await awaitCrash(context, found.workload, steadySeconds);
  if (crash) return failed(crash);
  const { apps } = createClients(context.kubernetes().admin, context.signal);
  const object = await apps.readNamespacedStatefulSet({ name: settings.statefulSet, namespace });
  const workload = ordered(found.workload, object);
  const names = podNames(workload, 0, desired);
  const pods = names.flatMap((name) => up.pods.find((pod) => pod.metadata?.name === name) ?? []);
  const parts = await judge(context, workload, object, pods, settings);
  return judgeParts(parts, settings.partial, context.maxPoints, `${names.join(", ")} behave as asked.`);
});

/** Its pods may not crash for so long. */
const steadySeconds = 3;

async function judge(
  context: CheckContext,
  workload: Ordered,
  object: V1StatefulSet,
  pods: V1Pod[],
  { replicas, names, volume, order, readySeconds }: Settings,
): Promise<Part[]> {
  const parts: Part[] = [countPart(workload, pods.length, replicas ?? workload.desired)];
  if (names) parts.push(await judgeStableNames(context, workload.what, object, pods, readySeconds));
  if (volume) parts.push(await judgeVolume(context, workload, object, pods, volume, readySeconds));
  if (order) parts.push(await judgeOrder(context, workload, readySeconds));
  return parts;
}

function countPart({ what, ref }: Ordered, count: number, wanted: number): Part {
  return {
    expected: `${what} has ${wanted} ${wanted === 1 ? "pod" : "pods"}, named ${ref.name}-0 and so on`,
    problem:
      count === wanted
        ? null
        : { happened: `${what} has ${count} such pods.`, fix: `Set spec.replicas to ${wanted}.` },
  };
}
