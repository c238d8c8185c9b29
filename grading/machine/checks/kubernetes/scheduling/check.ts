import type { V1Pod } from "@kubernetes/client-node";
import type { z } from "zod";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { judgeCompany, judgePlacement, judgeScheduled, nodeOf } from "../kit/judge-placement.ts";
import { findWorkload, type Workload, waitForPods } from "../kit/pods/find-workload.ts";
import { nodesNamed, prepareNodes } from "../kit/prepare-nodes.ts";
import { workloadOf, type workloadSettings } from "../kit/settings/workload-settings.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { WrongExercise, wrongExercise } from "../kit/wrong-exercise.ts";
import { awaitPending } from "./await-pending.ts";
import { judgeDrain } from "./judge-drain.ts";
import { judgePorts, judgeQos, judgeResources } from "./judge-resources.ts";
import { kubernetesScheduling, type Settings } from "./settings.ts";

export const judgeScheduling = defineClusterCheck(kubernetesScheduling, async (context, settings) => {
  try {
    return await prepareAndJudge(context, settings);
  } catch (error) {
    if (error instanceof WrongExercise) return wrongExercise("The check fits the cluster.", error.message);
    throw error;
  }
});

async function prepareAndJudge(context: CheckContext, settings: Settings): Promise<CheckVerdict> {
  const { prepare } = settings;
  if (!prepare) return judge(context, settings, "");
  const prepared = await prepareNodes(context, prepare.nodes);
  context.log(prepared.inWords);
  try {
    return await judge(context, settings, prepared.inWords);
  } finally {
    if (!prepare.keep) await prepared.undo();
  }
}

async function judge(context: CheckContext, settings: Settings, prepared: string): Promise<CheckVerdict> {
  const ref = workloadOf(settings);
  if (!ref)
    return {
      verdict: "passed",
      message: { expected: "The nodes are prepared.", happened: prepared, fix: "" },
    };
  const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
  const found = await findWorkload(context, namespace, ref);
  if (found.outcome === "missing") {
    const { happened, fix } = found.trouble;
    const expected = `The pods of ${ref.kind} ${ref.name} are placed as asked.`;
    return { verdict: "failed", message: { expected, happened, fix } };
  }
  const { workload } = found;
  if (prepared !== "" && settings.prepare?.restart) await deletePods(context, workload);
  const parts = statedParts(workload, settings);
  const told =
    settings.pendingBecause === undefined
      ? await placedParts(context, workload, settings, parts)
      : await pendingParts(context, workload, settings, parts);
  return judgeParts(
    parts,
    // Where pods do not run at all, a port that is declared right earns nothing.
    settings.partial && told !== null,
    context.maxPoints,
    [prepared, told].filter((text) => text).join(" "),
  );
}

async function deletePods(context: CheckContext, { pods, namespace }: Workload): Promise<void> {
  const { core } = createClients(context.kubernetes().admin, context.signal);
  const { labelSelector } = pods;
  if (labelSelector) await core.deleteCollectionNamespacedPod({ namespace, labelSelector });
}

/** What the manifest itself says. */
function statedParts({ what, template, ref }: Workload, { resources, ports }: Settings): Part[] {
  return [
    ...(ref.kind === "Pod" ? [] : [judgeScheduled(what, template.spec?.nodeName)]),
    ...judgeResources(what, template, resources ?? []),
    ...(ports ? judgePorts(what, template, ports) : []),
  ];
}

async function pendingParts(
  context: CheckContext,
  workload: Workload,
  { pendingBecause, pendingPods, readySeconds }: Settings,
  parts: Part[],
): Promise<string> {
  if (pendingBecause === undefined) return "";
  const wanted = { because: pendingBecause, pods: pendingPods };
  const { part, told } = await awaitPending(context, workload, wanted, readySeconds);
  parts.push(part);
  return told;
}

/** Adds what must hold of pods that run; gives a sentence on where they do, null when they do not. */
async function placedParts(
  context: CheckContext,
  workload: Workload,
  settings: Settings,
  parts: Part[],
): Promise<string | null> {
  const { what } = workload;
  const up = await waitForPods(context, workload, settings.readySeconds);
  if (up.outcome === "late") {
    const { happened, fix } = up.trouble;
    const expected = `The pods of ${what} find a node and are ready within ${settings.readySeconds} s`;
    parts.push({ expected, problem: { happened, fix } });
    return null;
  }
  const { onNodes, notOnNodes, spread, qos, near, awayFrom, drain } = settings;
  const placement = {
    onNodes: onNodes && (await nodesNamed(context, onNodes)),
    notOnNodes: notOnNodes && (await nodesNamed(context, notOnNodes)),
    spread,
  };
  parts.push(...judgePlacement(what, up.pods, placement));
  if (qos) parts.push(judgeQos(what, up.pods, qos));
  for (const [other, wanted] of [
    [near, "near"],
    [awayFrom, "away"],
  ] as const)
    if (other)
      parts.push(await companyPart(context, workload, up.pods, other, wanted, settings.readySeconds));
  if (drain) {
    const [named] = drain.node === "busiest" ? [busiest(up.pods)] : await nodesNamed(context, [drain.node]);
    parts.push(await judgeDrain(context, workload, { ...drain, node: named ?? "" }));
  }
  const places = up.pods.map((pod) => `pod ${pod.metadata?.name} on ${nodeOf(pod)}`).slice(0, 20);
  return `The scheduler put ${places.join(", ")}.`;
}

async function companyPart(
  context: CheckContext,
  workload: Workload,
  pods: V1Pod[],
  other: z.output<typeof workloadSettings>,
  wanted: "near" | "away",
  seconds: number,
): Promise<Part> {
  const ref = workloadOf(other);
  if (!ref) throw new Error("The settings name no other workload.");
  const expected = `${ref.kind} ${ref.name} has pods that are ready`;
  const found = await findWorkload(context, workload.namespace, ref);
  if (found.outcome === "missing") return { expected, problem: found.trouble };
  const up = await waitForPods(context, found.workload, seconds);
  if (up.outcome === "late") return { expected, problem: up.trouble };
  return judgeCompany(workload.what, pods, { what: found.workload.what, pods: up.pods }, wanted);
}

function busiest(pods: V1Pod[]): string {
  const counts = new Map<string, number>();
  for (const pod of pods) counts.set(nodeOf(pod), (counts.get(nodeOf(pod)) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? "";
}
