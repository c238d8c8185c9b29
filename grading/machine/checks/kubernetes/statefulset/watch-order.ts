import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { watchObjects } from "../kit/api/wait-until.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainLate, type Workload } from "../kit/pods/find-workload.ts";
import { judgeStart, judgeStop, type PodEvent } from "./judge-order.ts";

/** Names of a StatefulSet's pods by their place, from 0. */
export const podNames = ({ ref, firstOrdinal }: Ordered, from: number, below: number) =>
  Array.from({ length: below - from }, (_each, at) => `${ref.name}-${firstOrdinal + from + at}`);

/** A StatefulSet with the number that its pods' names begin with. */
export type Ordered = Workload & { firstOrdinal: number };

export const ordered = (workload: Workload, object: V1StatefulSet): Ordered => ({
  ...workload,
  firstOrdinal: object.spec?.ordinals?.start ?? 0,
});

/**
 * Takes two pods off a StatefulSet and adds them again, and judges in which order they end and start. It has as many
 * replicas as before afterwards.
 */
export async function judgeOrder(context: CheckContext, workload: Ordered, seconds: number): Promise<Part> {
  const { desired } = workload;
  const low = Math.max(0, desired - 2);
  const high = low + 2;
  const names = podNames(workload, low, high);
  try {
    if (desired < high) {
      const grown = await scale(context, workload, high, seconds);
      if (grown.outcome === "late") return await late(context, workload, grown.pods, high, seconds);
    }
    const stopped = await scale(context, workload, low, seconds);
    if (stopped.outcome === "late") return await late(context, workload, stopped.pods, low, seconds);
    const started = await scale(context, workload, high, seconds);
    if (started.outcome === "late") return await late(context, workload, started.pods, high, seconds);
    const start = judgeStart(workload.what, names, started.events);
    const stop = judgeStop(workload.what, names, stopped.events);
    return { expected: `${start.expected}. ${stop.expected}`, problem: start.problem ?? stop.problem };
  } finally {
    await setReplicas(context, workload, desired);
  }
}

type Scaled =
  | { outcome: "reached"; events: PodEvent[]; pods: V1Pod[] }
  | { outcome: "late"; events: PodEvent[]; pods: V1Pod[] };

async function scale(
  context: CheckContext,
  workload: Ordered,
  replicas: number,
  seconds: number,
): Promise<Scaled> {
  const events: PodEvent[] = [];
  const seen = new Set<string>();
  const say = (type: PodEvent["type"], pod: V1Pod) => {
    const key = `${type} ${pod.metadata?.uid}`;
    if (seen.has(key)) return;
    seen.add(key);
    events.push({ type, pod: pod.metadata?.name ?? "" });
  };
  const enough = new AbortController();
  const late = AbortSignal.timeout(seconds * 1000);
  let last: V1Pod[] = [];
  let asked: Promise<void> | null = null;
  let refused: { error: unknown } | null = null;
  await watchObjects<V1Pod>(
    context.kubernetes().admin,
    workload.pods,
    (pods, changed) => {
      last = pods;
      // The watch stands before anything is asked for, so that nothing is missed.
      asked ??= setReplicas(context, workload, replicas).catch((error: unknown) => {
        refused = { error };
        enough.abort();
      });
      if (changed?.type === "ADDED") say("made", changed.object);
      if (changed?.object && isReady(changed.object)) say("ready", changed.object);
      if (changed?.object.metadata?.deletionTimestamp) say("ending", changed.object);
      if (changed?.type === "DELETED") say("gone", changed.object);
      if (pods.length === replicas && pods.every(isReady)) enough.abort();
    },
    AbortSignal.any([enough.signal, late, context.signal]),
  );
  await asked;
  // An assignment in a callback is not seen by the compiler.
  const failure = refused as { error: unknown } | null;
  if (failure) throw failure.error;
  context.signal.throwIfAborted();
  return { outcome: enough.signal.aborted ? "reached" : "late", events, pods: last };
}

async function setReplicas(context: CheckContext, workload: Workload, replicas: number): Promise<void> {
  const { apps } = createClients(context.kubernetes().admin, context.signal);
  const at = { name: workload.ref.name, namespace: workload.namespace };
  const body = [{ op: "replace", path: "/spec/replicas", value: replicas }];
  await apps.patchNamespacedStatefulSetScale({ ...at, body });
}

async function late(
  context: CheckContext,
  workload: Workload,
  pods: V1Pod[],
  replicas: number,
  seconds: number,
): Promise<Part> {
  const expected = `${workload.what} scales to ${replicas} ${replicas === 1 ? "pod" : "pods"} within ${seconds} s`;
  const ending = pods.find((pod) => pod.metadata?.deletionTimestamp !== undefined);
  if (ending)
    return {
      expected,
      problem: {
        happened: `Pod ${ending.metadata?.name} still ends after ${seconds} s: its program does not stop when it is asked to (SIGTERM).`,
        fix: "Let the program end at SIGTERM, or shorten terminationGracePeriodSeconds.",
      },
    };
  const { happened, fix } = await explainLate(context, workload, pods);
  return { expected, problem: { happened: `After scaling to ${replicas}: ${happened}`, fix } };
}
