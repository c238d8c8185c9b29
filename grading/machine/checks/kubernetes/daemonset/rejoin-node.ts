import type { V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { nodeOf } from "../kit/judge-placement.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainLate, staying, type Workload } from "../kit/pods/find-workload.ts";
import { WrongExercise } from "../kit/wrong-exercise.ts";
import { awaitNode } from "./node-ready.ts";

/** How long the cluster may take to see that a node is gone or back; its own business, not the student's. */
const seenSeconds = 120;

/** Stops a node, starts it again, and judges that it has a running pod of the DaemonSet anew. */
export async function judgeRejoin(
  context: CheckContext,
  workload: Workload,
  name: string,
  seconds: number,
): Promise<Part> {
  const expected = `When ${name} fails and joins again, it runs a pod of ${workload.what} within ${seconds} s`;
  const { admin, nodes } = context.kubernetes();
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new WrongExercise(`The cluster has no node ${name}.`);
  const before = await podsThere(context, workload, name);
  context.log(`Stopping ${name}.`);
  await node.stop();
  let seen = false;
  try {
    seen = await awaitNode(context, name, false, seenSeconds);
  } finally {
    await node.start();
    context.log(`Started ${name} again.`);
  }
  if (!seen) throw new Error(`The cluster did not see in ${seenSeconds} s that ${name} was stopped.`);
  if (!(await awaitNode(context, name, true, seenSeconds)))
    throw new Error(`${name} did not become ready in ${seenSeconds} s after its start.`);
  const waited = await waitUntil<V1Pod, V1Pod>(
    admin,
    workload.pods,
    (pods) => staying(pods).find((pod) => nodeOf(pod) === name && isReady(pod) && !before.has(runOf(pod))),
    { seconds, signal: context.signal },
  );
  if (waited.outcome === "reached") return { expected, problem: null };
  const { happened, fix } = await explainLate(context, workload, waited.objects);
  return { expected, problem: { happened: `After ${name} joined again: ${happened}`, fix } };
}

async function podsThere(context: CheckContext, workload: Workload, node: string): Promise<Set<string>> {
  const { admin } = context.kubernetes();
  const waited = await waitUntil<V1Pod, V1Pod[]>(admin, workload.pods, (pods) => pods, {
    seconds: seenSeconds,
    signal: context.signal,
  });
  return new Set(waited.objects.filter((pod) => nodeOf(pod) === node).map(runOf));
}

/** The pod with the containers it runs just now: a container that was started again has another id. */
const runOf = (pod: V1Pod) =>
  [pod.metadata?.uid, ...(pod.status?.containerStatuses ?? []).map((status) => status.containerID)].join(" ");
