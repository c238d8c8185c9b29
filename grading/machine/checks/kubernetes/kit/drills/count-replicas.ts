import type { V1EndpointSlice, V1Pod } from "@kubernetes/client-node";
import { isReady } from "../pods/explain-pod.ts";
import type { ReplicaCount } from "./judge-surge.ts";
import type { WorkloadState } from "./watch-workload.ts";

/** Pods that have not ended and were not told to. */
export const livePods = (pods: V1Pod[]) => pods.filter((pod) => !isEnding(pod) && !hasEnded(pod));

export const readyPods = (pods: V1Pod[]) => pods.filter(isReady);

/** Pods that are there: those on their way out too. */
export const presentPods = (pods: V1Pod[]) => pods.filter((pod) => !hasEnded(pod));

export const isEnding = (pod: V1Pod) => pod.metadata?.deletionTimestamp !== undefined;

const hasEnded = (pod: V1Pod) => pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

export const podName = (pod: V1Pod) => pod.metadata?.name ?? "";

export interface Endpoint {
  address: string;
  /** Name of the pod behind it; "" when it is none. */
  pod: string;
  ready: boolean;
}

/** The addresses behind a Service, of all its slices. A slice that states no readiness means ready. */
export const endpointsOf = (slices: V1EndpointSlice[]): Endpoint[] =>
  slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap(({ addresses, conditions, targetRef }) =>
      addresses.map((address) => ({
        address,
        pod: targetRef?.kind === "Pod" ? (targetRef.name ?? "") : "",
        ready: conditions?.ready ?? true,
      })),
    ),
  );

export const readyEndpoints = (slices: V1EndpointSlice[]) => endpointsOf(slices).filter(({ ready }) => ready);

/** Replicas asked for; without a Deployment, the pods that are to stay. */
export const desiredOf = ({ deployment, pods }: WorkloadState) =>
  deployment ? (deployment.spec?.replicas ?? 1) : livePods(pods).length;

export function countReplicas(state: WorkloadState, atMs: number): ReplicaCount {
  return {
    atMs,
    desired: desiredOf(state),
    live: livePods(state.pods).length,
    ready: readyPods(state.pods).length,
  };
}

/** Whether all replicas are of the newest revision and ready, and no other pod is left. */
export function isSettled({ deployment, pods }: WorkloadState): boolean {
  if (!deployment) return false;
  const { metadata, spec, status } = deployment;
  const desired = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) === desired &&
    (status?.replicas ?? 0) === desired &&
    readyPods(pods).length === desired &&
    livePods(pods).length === desired
  );
}

/** Settled, and the Service sends to exactly the ready pods. */
export const isServing = (state: WorkloadState) => isSettled(state) && sendsToReady(state);

/** Whether the Service sends to exactly the ready pods. */
export function sendsToReady(state: WorkloadState): boolean {
  const ready = readyPods(state.pods).map(podName).sort();
  const served = [...new Set(readyEndpoints(state.slices).map(({ pod }) => pod))].sort();
  return ready.length === served.length && ready.every((name, i) => name === served[i]);
}
