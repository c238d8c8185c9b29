import type Docker from "dockerode";
import type { KubernetesSettings } from "../kinds/kubernetes.ts";
import { bringUp, type StartedCluster } from "./bring-up.ts";
import { makeRunNamespaces } from "./run-namespaces.ts";

export interface StartClusterOptions {
  docker: Docker;
  spec: KubernetesSettings;
  /** The machine's own diary. */
  say(line: string): void;
  signal: AbortSignal;
}

/** Starts the run's Kubernetes. Resolves when its namespaces take pods too. Throws as bringUp does. */
export async function startCluster({
  docker,
  spec,
  say,
  signal,
}: StartClusterOptions): Promise<StartedCluster> {
  const cluster = await bringUp({
    docker,
    nodes: spec.nodes,
    say,
    signal,
    meanwhile: (keys, inTime) => makeRunNamespaces(keys.admin, spec, say, inTime),
  });
  return cluster.forRun(spec, cluster.seconds);
}
