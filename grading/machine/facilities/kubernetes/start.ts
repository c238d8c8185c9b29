import { VersionApi } from "@kubernetes/client-node";
import type { KubernetesCluster } from "../../checks/kit/kubernetes-cluster.ts";
import { kubernetes } from "../kinds/kubernetes.ts";
import type { FacilityStart, StartedFacility } from "../kit/start-facility.ts";
import type { StartedCluster } from "./bring-up.ts";
import { startCluster } from "./start-cluster.ts";
import { startWarmCluster } from "./warm-cluster.ts";

export const startKubernetes: FacilityStart<typeof kubernetes.settings, KubernetesCluster> = {
  kind: kubernetes,
  start: async (context, settings, tell) => {
    const nodes = countNodes(settings.nodes);
    tell(`Starting a Kubernetes of your own with ${nodes}.`);
    const cluster = await startCluster({ ...context, spec: settings });
    tell(`Kubernetes ${cluster.version} is ready: ${nodes}, ${cluster.seconds} s.`);
    return started(cluster);
  },
  warm: async (context, nodes) => {
    const warm = await startWarmCluster({ ...context, nodes });
    context.say(`warm: a Kubernetes with ${countNodes(nodes)} after ${warm.seconds} s`);
    return {
      take: async (settings, tell) => {
        const cluster = await warm.take(settings);
        const all = countNodes(settings.nodes);
        tell(`Kubernetes ${cluster.version} was waiting for you: ${all}, ready after ${cluster.seconds} s.`);
        return started(cluster);
      },
    };
  },
};

const started = (cluster: StartedCluster): StartedFacility<KubernetesCluster> => ({
  handle: cluster,
  ask: () => cluster.admin.makeApiClient(VersionApi).getCode(),
  close: () => cluster.close(),
});

const countNodes = (nodes: number) => (nodes === 1 ? "1 node" : `${nodes} nodes`);
