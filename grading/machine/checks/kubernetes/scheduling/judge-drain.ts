import type { V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { selects } from "../kit/api/selectors.ts";
import { waitUntil, watchObjects } from "../kit/api/wait-until.ts";
import { nodeOf } from "../kit/judge-placement.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainPods } from "../kit/pods/explain-pods.ts";
import { explainLate, staying, type Workload } from "../kit/pods/find-workload.ts";
import { drainNode } from "./drain-node.ts";

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
): Promise<Part> {
  const { node, seconds, minAvailable } = wanted;
  const expected = `When ${node} is drained, the pods of ${workload.what} leave it and are ready on other nodes within ${seconds} s${minAvailable === undefined ? "" : `, and ${minAvailable} or more are ready all the time`}`;
  const budget = wanted.budget ? await findBudgetProblem(context, workload) : null;
  if (budget) return { expected, problem: budget };
  const fewest = watchFewest(context, workload);
  let problem: Part["problem"];
  try {
    problem = await drainAndWait(context, workload, wanted);
  } finally {
    await fewest.stop();
  }
  if (problem === null && minAvailable !== undefined) problem = judgeFewest(minAvailable, fewest.seen());
  return { expected, problem };
}

async function findBudgetProblem(context: CheckContext, workload: Workload): Promise<Part["problem"]> {
  const { policy } = createClients(context.kubernetes().admin, context.signal);
  const { items } = await policy.listNamespacedPodDisruptionBudget({ namespace: workload.namespace });
  const labels = workload.template.metadata?.labels ?? {};
  if (items.some(({ spec }) => spec?.selector && selects(spec.selector, labels))) return null;
  const names = items.map(({ metadata }) => `PodDisruptionBudget ${metadata?.name}`).join(", ");
  const there = names === "" ? "There is no PodDisruptionBudget" : `${names} picks other pods`;
  return {
    happened: `No PodDisruptionBudget picks the pods of ${workload.what}. ${there} in the namespace ${workload.namespace}.`,
    fix: `Hand in a PodDisruptionBudget (policy/v1) with minAvailable or maxUnavailable, and in spec.selector labels of the pods of ${workload.what}.`,
  };
}

async function drainAndWait(
  context: CheckContext,
  workload: Workload,
  { node, seconds }: DrainWanted,
): Promise<Part["problem"]> {
  const drained = await drainNode(context, node, seconds);
  try {
    if (drained.stuck)
      return {
        happened: `Pod ${drained.stuck.pod} could not be evicted from ${node} within ${seconds} s. The API server says ${drained.stuck.words}.`,
        fix: "Let the PodDisruptionBudget allow one pod less than run (minAvailable below replicas, or maxUnavailable: 1), and have at least two replicas, all ready.",
      };
    const waited = await waitUntil<V1Pod, true>(
      context.kubernetes().admin,
      workload.pods,
      (pods) => pods.length === workload.desired && pods.every((pod) => isReady(pod) && nodeOf(pod) !== node),
      { seconds, signal: context.signal },
    );
    return waited.outcome === "reached" ? null : await notBack(context, workload, node, waited.objects);
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
  ).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return {
    seen: () => fewest,
    async stop() {
      over.abort();
      const broken = await watching;
      if (broken) throw broken.error;
    },
  };
}

function judgeFewest(minAvailable: number, fewest: number): Part["problem"] {
  if (fewest >= minAvailable) return null;
  return {
    happened: `At one time ${fewest} ${fewest === 1 ? "pod was" : "pods were"} ready: nothing kept the eviction from taking the others.`,
    fix: `Hand in a PodDisruptionBudget with minAvailable: ${minAvailable} for these pods, run more replicas than that, and spread them over the nodes.`,
  };
}
