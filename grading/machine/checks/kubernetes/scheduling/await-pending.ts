import type { V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { nodeOf } from "../kit/judge-placement.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainLate, staying, type Workload } from "../kit/pods/find-workload.ts";
import { reasonsIn, type SchedulerReason, schedulerReasons } from "../kit/pods/scheduler-reasons.ts";
import { explainUnschedulable } from "../kit/pods/unschedulable.ts";

export interface PendingWanted {
  because: SchedulerReason;
  /** How many pods wait while all others are ready; all of them when left out. */
  pods?: number | undefined;
}

/** Waits until the scheduler has said of so many pods that no node takes them, and judges its reason. */
export async function awaitPending(
  context: CheckContext,
  workload: Workload,
  { because, pods: count = workload.desired }: PendingWanted,
  seconds: number,
): Promise<{ part: Part; told: string }> {
  const { words } = schedulerReasons[because];
  const expected = `${count === 1 ? "One pod" : `${count} pods`} of ${workload.what} must stay Pending, because the scheduler finds “${words}”`;
  const waited = await waitUntil<V1Pod, V1Pod[]>(
    context.kubernetes().admin,
    workload.pods,
    (all) => {
      const pods = staying(all);
      const pending = pods.filter(isPending);
      return (
        pods.length === workload.desired &&
        pending.length === count &&
        pods.every((pod) => isPending(pod) || isReady(pod)) &&
        pending
      );
    },
    { seconds, signal: context.signal },
  );
  const pods = staying(waited.objects);
  if (waited.outcome === "late") {
    const problem = await wrongCount(context, workload, pods, count);
    return { part: { expected, problem }, told: "" };
  }
  const other = waited.found.find((pod) => !reasonsIn(sentenceOf(pod)).includes(because));
  if (other) {
    const { happened, fix } = explainUnschedulable(other.metadata?.name ?? "", sentenceOf(other));
    return {
      part: {
        expected,
        problem: { happened, fix: `It waits for another reason than the one asked for here. ${fix}` },
      },
      told: "",
    };
  }
  const [first] = waited.found;
  const told = first ? explainUnschedulable(first.metadata?.name ?? "", sentenceOf(first)).happened : "";
  return { part: { expected, problem: null }, told };
}

const conditionOf = (pod: V1Pod) => pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
const isPending = (pod: V1Pod) =>
  conditionOf(pod)?.status === "False" && conditionOf(pod)?.reason === "Unschedulable";
const sentenceOf = (pod: V1Pod) => conditionOf(pod)?.message ?? "";

async function wrongCount(
  context: CheckContext,
  workload: Workload,
  pods: V1Pod[],
  count: number,
): Promise<Part["problem"]> {
  const placed = pods.filter((pod) => nodeOf(pod) !== "");
  const pending = pods.filter(isPending);
  if (pods.length === workload.desired && pending.length < count && placed.length > 0) {
    const places = placed.map((pod) => `pod ${pod.metadata?.name} on ${nodeOf(pod)}`).slice(0, 10);
    return {
      happened: `${pending.length === 0 ? "No pod waits" : `${pending.length} of ${pods.length} pods wait`}: the scheduler found a place for ${places.join(", ")}.`,
      fix: "Ask for what no node offers, as the exercise says: compare requests, nodeSelector, affinity and tolerations of the pod with the nodes.",
    };
  }
  const { happened, fix } = await explainLate(context, workload, pods);
  return { happened, fix };
}
