import { performance } from "node:perf_hooks";
import type { KubeConfig, V1Lease } from "@kubernetes/client-node";
import { AppError } from "../../../../course/errors.ts";
import { waitUntil } from "../../checks/kubernetes/kit/api/wait-until.ts";
import type { KubernetesSettings } from "../kinds/kubernetes.ts";
import { type BringUpOptions, bringUp, type StartedCluster, secondsSince } from "./bring-up.ts";
import type { NodePlan } from "./cluster-plan.ts";
import { startDozing } from "./doze.ts";
import { waitUntilReady } from "./fill-cluster.ts";
import { makeRunNamespaces } from "./run-namespaces.ts";
import { continueProcesses, stopProcesses } from "./stop-processes.ts";

const takeSeconds = 30;

/** A Kubernetes that sleeps until a run takes it. */
export interface WarmCluster {
  seconds: number;
  /** Wakes it and makes the run's namespaces; once. Throws AppError kubernetes-start when that takes too long. */
  take(spec: KubernetesSettings): Promise<StartedCluster>;
}

/** Starts a Kubernetes before its exercise is known, and lets it sleep. Throws as bringUp does. */
export async function startWarmCluster(options: BringUpOptions): Promise<WarmCluster> {
  const { docker, say } = options;
  const cluster = await bringUp(options);
  const { keys, plans } = cluster;
  const containers = ["control-plane", ...plans.map(({ name }) => name)];
  const dozing = startDozing(
    {
      // The control plane last and first: its nodes never wait for it.
      freeze: async () => {
        for (const name of containers.toReversed()) await stopProcesses(docker, name);
      },
      thaw: async () => {
        for (const name of containers) await continueProcesses(docker, name);
      },
      seenSince: (instant, signal) => seenSince(keys.admin, plans, instant, signal),
      onError: (error) =>
        say(`kubernetes: it stays awake: ${error instanceof Error ? error.message : String(error)}`),
    },
    options.signal,
  );
  return {
    seconds: cluster.seconds,
    async take(spec) {
      if (spec.nodes !== plans.length)
        throw new Error(
          `The machine's Kubernetes has ${plans.length} nodes, the exercise asks for ${spec.nodes}.`,
        );
      const started = performance.now();
      const late = AbortSignal.timeout(takeSeconds * 1000);
      const signal = AbortSignal.any([options.signal, late]);
      try {
        await dozing.wake();
        await Promise.all([
          waitUntilReady(keys.admin, plans, say, signal),
          makeRunNamespaces(keys.admin, spec, say, signal),
        ]);
      } catch (cause) {
        if (!late.aborted || options.signal.aborted) throw cause;
        throw new AppError({
          code: "kubernetes-start",
          userMessage: `The Kubernetes that waited for this run was not ready ${takeSeconds} s after it was woken.`,
          retryable: true,
          cause,
        });
      }
      return cluster.forRun(spec, secondsSince(started));
    },
  };
}

/** By the leases that the nodes renew all the time. */
async function seenSince(
  admin: KubeConfig,
  nodes: readonly NodePlan[],
  instant: Date,
  signal: AbortSignal,
): Promise<void> {
  await waitUntil(
    admin,
    { path: "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases" },
    (leases: V1Lease[]) =>
      nodes.every(({ name }) =>
        leases.some(
          ({ metadata, spec }) =>
            metadata?.name === name && Date.parse(String(spec?.renewTime)) >= instant.getTime(),
        ),
      ),
    { signal },
  );
}
