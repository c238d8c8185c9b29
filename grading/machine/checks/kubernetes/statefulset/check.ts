import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { z } from "zod";
import type { CheckContext } from "../../define-check.ts";
import { defineCheck } from "../../define-check.ts";
import { awaitCrash } from "../kit/pods/await-crash.ts";
import { createClients } from "../kit/api/clients.ts";
import { findWorkload, waitForPods } from "../kit/api/find-workload.ts";
import { judgeStableNames } from "./judge-stable-names.ts";
import { judgeVolume } from "./judge-volume.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/kubernetes-settings.ts";
import { judgeOrder, type Ordered, ordered, podNames } from "./watch-order.ts";
import { partialCredit } from "../../kit/settings.ts";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";

const settings = z.strictObject({
  statefulSet: objectName.describe("Name of the StatefulSet."),
  namespace: namespaceSetting,
  readySeconds: readySeconds.describe(
    "It must be ready by then, and again after each thing that is done to it.",
  ),
  replicas: z.number().int().min(1).max(20).optional().describe("How many pods it must ask for."),
  names: z
    .boolean()
    .default(true)
    .describe("Whether a headless Service must give each pod a DNS name of its own."),
  order: z
    .boolean()
    .default(true)
    .describe("Whether pods must start in order and end in reverse; two are taken off and added again."),
  volume: z
    .strictObject({
      mountPath: z.string().startsWith("/").max(200).describe("Where the pods' own volume is mounted."),
      container: z
        .string()
        .optional()
        .describe("The container that mounts it; the first that does when left out."),
    })
    .optional()
    .describe("Each pod has a volume of its own whose files are there again after the pod was deleted."),
  partial: partialCredit,
});
type Settings = z.output<typeof settings>;

export const judgeStatefulSet = defineCheck({
  kind: "kubernetes/statefulset",
  summary: "A StatefulSet's pods have stable names, an order, and volumes that outlive them.",
  settings,
  defaultTimeoutSeconds: 240,

  async run(context, settings) {
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
  },
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
