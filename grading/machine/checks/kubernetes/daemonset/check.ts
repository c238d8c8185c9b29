import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { nodeOf } from "../kit/judge-placement.ts";
import { awaitCrash } from "../kit/pods/await-crash.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainLate, findWorkload, staying, type Workload } from "../kit/pods/find-workload.ts";
import { nodesNamed, prepareNodes } from "../kit/prepare-nodes.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { taintInWords, tolerates } from "../kit/tolerations.ts";
import { WrongExercise, wrongExercise } from "../kit/wrong-exercise.ts";
import { judgeCoverage } from "./judge-coverage.ts";
import { judgeRejoin } from "./rejoin-node.ts";
import { judgeUpdate } from "./roll-daemonset.ts";
import { kubernetesDaemonset, type Settings } from "./settings.ts";

export const judgeDaemonSet = defineClusterCheck(kubernetesDaemonset, async (context, settings) => {
  try {
    return await judge(context, settings);
  } catch (error) {
    if (error instanceof WrongExercise) return wrongExercise("The check fits the cluster.", error.message);
    throw error;
  }
});

async function judge(context: CheckContext, settings: Settings): Promise<CheckVerdict> {
  const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
  const found = await findWorkload(context, namespace, { kind: "DaemonSet", name: settings.daemonSet });
  const what = `DaemonSet ${settings.daemonSet}`;
  if (found.outcome === "missing") {
    const { happened, fix } = found.trouble;
    return { verdict: "failed", message: { expected: `${what} runs a pod on each node.`, happened, fix } };
  }
  const { core } = createClients(context.kubernetes().admin, context.signal);
  const { items: nodes } = await core.listNode();
  const wanted = settings.nodes
    ? await nodesNamed(context, settings.nodes)
    : nodes.map(({ metadata }) => metadata?.name ?? "").sort();
  const covered = await coveragePart(context, found.workload, nodes, wanted, settings.readySeconds);
  // What is done to it next can only be judged where it covers its nodes.
  if (covered.problem) return judgeParts([covered], false, context.maxPoints, "");
  const workload = { ...found.workload, desired: wanted.length };
  const parts = [covered];
  const { taint, update, rejoin, readySeconds } = settings;
  if (taint) parts.push(await taintPart(context, workload, taint, readySeconds));
  if (update) parts.push(await judgeUpdate(context, workload, update));
  if (rejoin) {
    const [node = ""] = await nodesNamed(context, [rejoin.node]);
    parts.push(await judgeRejoin(context, workload, node, rejoin.seconds));
  }
  return judgeParts(
    parts,
    settings.partial,
    context.maxPoints,
    `${what} runs one pod on ${wanted.join(", ")}.`,
  );
}

/** Its pods may not crash for so long. */
const steadySeconds = 3;

async function coveragePart(
  context: CheckContext,
  workload: Workload,
  nodes: V1Node[],
  wanted: string[],
  seconds: number,
): Promise<Part> {
  const cover = (pods: V1Pod[]) =>
    judgeCoverage(workload.what, workload.template, staying(pods), nodes, wanted);
  const waited = await waitUntil<V1Pod, Part>(
    context.kubernetes().admin,
    workload.pods,
    (pods) => pods.every(isReady) && cover(pods).problem === null && cover(pods),
    { seconds, signal: context.signal },
  );
  if (waited.outcome === "reached")
    return { ...waited.found, problem: await awaitCrash(context, workload, steadySeconds) };
  const pods = staying(waited.objects);
  const part = cover(pods);
  if (part.problem && pods.length > 0 && pods.every(isReady)) return part;
  const { cause, happened, fix } = await explainLate(context, workload, waited.objects);
  // What the node and the template say of each other tells more than that nothing is known.
  return part.problem && cause === "waiting" ? part : { ...part, problem: { happened, fix } };
}

async function taintPart(
  context: CheckContext,
  workload: Workload,
  { node: meant, taint }: NonNullable<Settings["taint"]>,
  seconds: number,
): Promise<Part> {
  const { what, namespace, template } = workload;
  const [node = ""] = await nodesNamed(context, [meant]);
  const expected = `${what} runs a pod on ${node} also while it has the taint ${taintInWords(taint)}`;
  if (taint.effect !== "PreferNoSchedule" && !tolerates(template.spec?.tolerations, taint))
    return {
      expected,
      problem: {
        happened: `The pod's template of ${what} does not tolerate ${taintInWords(taint)}, so the node gets no pod.`,
        fix: `Add a toleration with the key ${taint.key}, its value and the effect ${taint.effect} (or operator: Exists).`,
      },
    };
  const { admin } = context.kubernetes();
  const { core } = createClients(admin, context.signal);
  const prepared = await prepareNodes(context, { [node]: { labels: {}, taints: [taint], cordon: false } });
  try {
    const { items } = await core.listNamespacedPod({
      namespace,
      labelSelector: workload.pods.labelSelector ?? "",
      fieldSelector: `spec.nodeName=${node}`,
    });
    const old = new Set(items.map(({ metadata }) => metadata?.uid));
    for (const { metadata } of items)
      await core.deleteNamespacedPod({ name: metadata?.name ?? "", namespace });
    const waited = await waitUntil<V1Pod, V1Pod>(
      admin,
      workload.pods,
      (pods) => pods.find((pod) => nodeOf(pod) === node && isReady(pod) && !old.has(pod.metadata?.uid)),
      { seconds, signal: context.signal },
    );
    if (waited.outcome === "reached") return { expected, problem: null };
    const { happened, fix } = await explainLate(context, workload, waited.objects);
    return { expected, problem: { happened: `With the taint: ${happened}`, fix } };
  } finally {
    await prepared.undo();
  }
}
