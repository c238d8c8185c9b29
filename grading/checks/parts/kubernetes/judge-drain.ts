import type { V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../define-check.ts";
import type { Part } from "../share-credit.ts";
import { createClients } from "./clients.ts";
import { drainNode } from "./drain-node.ts";
import { isReady } from "./explain-pod.ts";
import { explainPods } from "./explain-pods.ts";
import { explainLate, staying, type Workload } from "./find-workload.ts";
import { nodeOf } from "./judge-placement.ts";
import { selects } from "./selectors.ts";
import { waitUntil, watchObjects } from "./wait-until.ts";

export interface DrainWanted {
  node: string;
  seconds: number;
  minAvailable?: number | undefined;
  budget: boolean;
}

/** Drains a node under a workload, and judges that its pods come back elsewhere and never too few are ready. */
export async function judgeDrain(
  context: CheckContext,
  workload: Workload,
  wanted: DrainWanted,
): Promise<Part[]> {
  const parts: Part[] = [];
  if (wanted.budget) {
    const budget = await judgeBudget(context, workload);
    if (budget.problem) return [budget];
    parts.push(budget);
  }
  const fewest = watchFewest(context, workload);
  let emptied: Part;
  try {
    emptied = await judgeEmptied(context, workload, wanted);
  } finally {
    await fewest.stop();
  }
  parts.push(emptied);
  const { minAvailable } = wanted;
  if (minAvailable !== undefined) parts.push(judgeFewest(workload, wanted.node, minAvailable, fewest.seen()));
  return parts;
}

async function judgeBudget(context: CheckContext, workload: Workload): Promise<Part> {
  const { policy } = createClients(context.kubernetes().admin, context.signal);
  const { items } = await policy.listNamespacedPodDisruptionBudget({ namespace: workload.namespace });
  const labels = workload.template.metadata?.labels ?? {};
  const own = items.filter(({ spec }) => spec?.selector && selects(spec.selector, labels));
  const names = items.map(({ metadata }) => `PodDisruptionBudget ${metadata?.name}`);
  return {
    expected: `A PodDisruptionBudget picks the pods of ${workload.what}`,
    problem:
      own.length > 0
        ? null
        : {
            happened: `${names.length === 0 ? "There is no PodDisruptionBudget" : `${names.join(", ")} picks other pods`} in the namespace ${workload.namespace}.`,
            fix: `Hand in a PodDisruptionBudget (policy/v1) with minAvailable or maxUnavailable, and in spec.selector labels of the pods of ${workload.what}.`,
          },
  };
}

async function judgeEmptied(
  context: CheckContext,
  workload: Workload,
  { node, seconds }: DrainWanted,
): Promise<Part> {
  const expected = `When ${node} is drained, the pods of ${workload.what} leave it and are ready on other nodes within ${seconds} s`;
  const drained = await drainNode(context, node, seconds);
  try {
    if (drained.stuck)
      return {
        expected,
        problem: {
          happened: `Pod ${drained.stuck.pod} could not be evicted from ${node} within ${seconds} s. The API server says ${drained.stuck.words}.`,
          fix: "Let the PodDisruptionBudget allow one pod less than run (minAvailable below replicas, or maxUnavailable: 1), and have at least two replicas, all ready.",
        },
      };
    const waited = await waitUntil<V1Pod, V1Pod[]>(
      context.kubernetes().admin,
      workload.pods,
      (pods) =>
        pods.length === workload.desired && pods.every((pod) => isReady(pod) && nodeOf(pod) !== node) && pods,
      { seconds, signal: context.signal },
    );
    if (waited.outcome === "reached") return { expected, problem: null };
    return { expected, problem: await notBack(context, workload, node, waited.objects) };
  } finally {
    await drained.uncordon();
  }
}

async function notBack(
  context: CheckContext,
  workload: Workload,
  node: string,
  pods: V1Pod[],
): Promise<Part["problem"]> {
  const there = staying(pods);
  if (workload.ref.kind === "Pod" && there.length === 0)
    return {
      happened: `Pod ${workload.ref.name} was evicted from ${node} and did not come back: nothing makes a single pod anew.`,
      fix: "Let a Deployment make the pod.",
    };
  const leaving = pods.find((pod) => pod.metadata?.deletionTimestamp !== undefined);
  if (leaving && there.length >= workload.desired)
    return {
      happened: `Pod ${leaving.metadata?.name} was evicted from ${node} and still ends: its program does not stop when it is asked to (SIGTERM).`,
      fix: "Let the program end at SIGTERM, or shorten terminationGracePeriodSeconds.",
    };
  const { happened, fix } =
    (await explainPods(context, workload.namespace, there)) ?? (await explainLate(context, workload, pods));
  return { happened: `After ${node} was drained: ${happened}`, fix };
}

/** Watches how many pods of a workload are ready, the fewest at any time. */
function watchFewest(context: CheckContext, workload: Workload) {
  const over = new AbortController();
  let fewest = Number.POSITIVE_INFINITY;
  const watching = watchObjects<V1Pod>(
    context.kubernetes().admin,
    workload.pods,
    (pods) => {
      fewest = Math.min(fewest, pods.filter(isReady).length);
    },
    AbortSignal.any([over.signal, context.signal]),
  );
  return {
    seen: () => fewest,
    async stop() {
      over.abort();
      await watching;
    },
  };
}

function judgeFewest(workload: Workload, node: string, minAvailable: number, fewest: number): Part {
  return {
    expected: `While ${node} is drained, at least ${minAvailable} ${minAvailable === 1 ? "pod" : "pods"} of ${workload.what} stay ready`,
    problem:
      fewest >= minAvailable
        ? null
        : {
            happened: `At one time ${fewest} ${fewest === 1 ? "pod was" : "pods were"} ready: nothing kept the eviction from taking the others.`,
            fix: `Hand in a PodDisruptionBudget with minAvailable: ${minAvailable} for these pods, more replicas than that, and spread them over the nodes.`,
          },
  };
}
