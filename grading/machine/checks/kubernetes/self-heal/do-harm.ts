import type { V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import type { KubernetesNode } from "../../kit/kubernetes-cluster.ts";
import { createClients } from "../kit/api/clients.ts";
import { podName, readyPods } from "../kit/drills/count-replicas.ts";
import type { Drill } from "../kit/drills/record-timeline.ts";
import { podProcesses, signalProcess } from "../kit/pods/pod-processes.ts";
import type { harms } from "./settings.ts";

export interface Harm {
  /** Whether the cluster has seen it: what was harmed counts as ready no more, or is another one by now. */
  isDone(): boolean;
  /** Puts back what does not heal by itself. */
  mend(): Promise<void>;
}

/** Does what can go wrong in a cluster to a ready pod of the drill's Deployment, or to its node. */
export function doHarm(context: CheckContext, drill: Drill, harm: (typeof harms)[number]): Promise<Harm> {
  switch (harm) {
    case "delete-pod":
      return deletePod(context, drill);
    case "kill-process":
      return killProcess(drill);
    case "stop-node":
      return loseNode(context, drill, {
        did: "Stop",
        lose: (node) => node.stop(),
        mended: (name) => `Start node ${name} again`,
        giveBack: (node) => node.start(),
      });
    case "hang-node":
      return loseNode(context, drill, {
        did: "Let everything hang on",
        lose: (node) => node.pause(),
        mended: (name) => `Let node ${name} go on`,
        giveBack: (node) => node.unpause(),
      });
  }
}

const nothingToMend = async () => undefined;

async function deletePod(context: CheckContext, drill: Drill): Promise<Harm> {
  const pod = aReadyPod(drill);
  const { name = "", namespace = "", uid } = pod.metadata ?? {};
  drill.action(`Delete pod ${name} with no grace`);
  const { core } = createClients(context.kubernetes().admin, context.signal);
  await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
  return { isDone: () => drill.now().pods.every((each) => each.metadata?.uid !== uid), mend: nothingToMend };
}

async function killProcess(drill: Drill): Promise<Harm> {
  const pod = aReadyPod(drill);
  const container = pod.spec?.containers[0]?.name ?? "";
  const before = restartsOf(pod, container);
  const [first] = await podProcesses(pod, container);
  if (first === undefined)
    throw new Error(`Pod ${podName(pod)} is ready, and no process of it is to be found.`);
  drill.action(`Kill the process of container ${container} in pod ${podName(pod)}`);
  signalProcess(first, "SIGKILL");
  const isDone = () => {
    const now = drill.now().pods.find(({ metadata }) => metadata?.uid === pod.metadata?.uid);
    return now === undefined || restartsOf(now, container) > before;
  };
  return { isDone, mend: nothingToMend };
}

const restartsOf = (pod: V1Pod, container: string) =>
  pod.status?.containerStatuses?.find(({ name }) => name === container)?.restartCount ?? 0;

function aReadyPod(drill: Drill): V1Pod {
  const [pod] = readyPods(drill.now().pods);
  if (!pod) throw new Error("No pod is ready, although all were a moment ago.");
  return pod;
}

interface NodeHarm {
  did: string;
  lose(node: KubernetesNode): Promise<void>;
  mended(name: string): string;
  giveBack(node: KubernetesNode): Promise<void>;
}

/** The node with most of the ready pods. */
async function loseNode(context: CheckContext, drill: Drill, harm: NodeHarm): Promise<Harm> {
  const { nodes } = context.kubernetes();
  const on = (node: string) => readyPods(drill.now().pods).filter(({ spec }) => spec?.nodeName === node);
  const node = nodes.reduce((a, b) => (on(b.name).length > on(a.name).length ? b : a));
  const lost = new Set(on(node.name).map(({ metadata }) => metadata?.uid));
  drill.action(`${harm.did} node ${node.name}, on which ${lost.size} of the pods run`);
  await harm.lose(node);
  return {
    isDone: () => readyPods(drill.now().pods).every(({ metadata }) => !lost.has(metadata?.uid)),
    async mend() {
      drill.action(harm.mended(node.name));
      await harm.giveBack(node);
    },
  };
}
