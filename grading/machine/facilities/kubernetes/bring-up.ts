import { performance } from "node:perf_hooks";
import { VersionApi } from "@kubernetes/client-node";
import type Docker from "dockerode";
import { AppError } from "../../../../course/errors.ts";
import type { KubernetesCluster } from "../../checks/kit/kubernetes-cluster.ts";
import type { KubernetesSettings } from "../kinds/kubernetes.ts";
import { kubernetes } from "../kinds/kubernetes.ts";
import { awaitApiServer } from "./await-api-server.ts";
import { controlPlaneContainer, nodeContainer } from "./cluster-containers.ts";
import { type ClusterKeys, makeKeys } from "./cluster-keys.ts";
import { addRoutes, makeClusterNetwork } from "./cluster-network.ts";
import { createNodes } from "./cluster-nodes.ts";
import { type NodePlan, place, planNodes } from "./cluster-plan.ts";
import { fillCluster, waitUntilReady } from "./fill-cluster.ts";
import { createImageLoader, listImageNames } from "./load-image.ts";
import { onNode } from "./on-node.ts";
import { checkKernel } from "./preflight.ts";
import { startVolumes } from "./volumes/volumes.ts";

export interface BringUpOptions {
  docker: Docker;
  nodes: number;
  /** The machine's own diary. */
  say(line: string): void;
  signal: AbortSignal;
  /** Done as soon as the API server answers, while the nodes get ready; the cluster is ready when it is done too. */
  meanwhile?: (keys: ClusterKeys, signal: AbortSignal) => Promise<void>;
}

/** A Kubernetes that runs, before it is any exercise's. */
export interface RunningCluster {
  keys: ClusterKeys;
  plans: readonly NodePlan[];
  seconds: number;
  /** What checks see of it, once the exercise's namespaces are made. */
  forRun(spec: KubernetesSettings, seconds: number): StartedCluster;
}

export interface StartedCluster extends KubernetesCluster {
  /** From the run's call to ready. */
  seconds: number;
  /** Ends what the agent does for the cluster; the containers end with the machine. */
  close(): Promise<void>;
}

/**
 * Starts a Kubernetes in containers of the machine's engine, which must answer. Resolves when all nodes are ready and
 * names resolve. Throws AppError kubernetes-preflight or kubernetes-start with the part that did not come up and its
 * last words.
 */
export async function bringUp(options: BringUpOptions): Promise<RunningCluster> {
  const { docker, say, meanwhile } = options;
  const started = performance.now();
  const tooLate = AbortSignal.timeout(kubernetes.startSeconds * 1000);
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, tooLate, broken.signal]);
  const plans = planNodes(options.nodes);
  try {
    const [keys] = await Promise.all([makeKeys(plans, signal), checkKernel(), makeClusterNetwork(docker)]);
    await startContainers(docker, plans, (reason) => broken.abort(reason));
    await addRoutes(plans);
    await awaitApiServer(keys.ca, signal);
    say(`kubernetes: the API server answers after ${secondsSince(started)} s`);
    const volumes = await startVolumes({
      admin: keys.admin,
      onNode: async (node, command) => void (await onNode(docker, node, command)),
      onError: (error) =>
        say(`kubernetes volumes: ${error instanceof Error ? error.message : String(error)}`),
    });
    const [{ gitVersion }] = await Promise.all([
      keys.admin.makeApiClient(VersionApi).getCode(),
      fillCluster(keys.admin, plans.length),
      waitUntilReady(keys.admin, plans, say, signal),
      meanwhile?.(keys, signal),
    ]);
    const nodes = createNodes(docker, plans);
    return {
      keys,
      plans,
      seconds: secondsSince(started),
      forRun: (spec, seconds) => ({
        version: gitVersion,
        admin: keys.admin,
        student: keys.student,
        namespaces: spec.namespaces as [string, ...string[]],
        probeNamespace: place.probeNamespace,
        nodes: nodes.handles,
        dnsAddress: place.dns,
        loadImage: createImageLoader(docker, nodes.running),
        imageNames: () => listImageNames(docker, nodes.running()[0] ?? plans[0].name),
        seconds,
        close: () => volumes.stop(),
      }),
    };
  } catch (error) {
    if (options.signal.aborted || error instanceof AppError) throw error;
    const late = new Error(`It was not ready after ${kubernetes.startSeconds} s.`);
    const reason = tooLate.aborted ? late : broken.signal.aborted ? broken.signal.reason : error;
    throw await explain(docker, plans, reason, error);
  }
}

/** ended: told when a container ended by itself before all was ready. */
async function startContainers(
  docker: Docker,
  plans: readonly NodePlan[],
  ended: (reason: Error) => void,
): Promise<void> {
  await Promise.all(
    [controlPlaneContainer(plans), ...plans.map((plan) => nodeContainer(plan, plans))].map(
      async (options) => {
        const container = await docker.createContainer(options);
        await container.start();
        container.wait().then(
          () => ended(new Error(`The container ${options.name} ended.`)),
          (error: Error) => ended(error),
        );
      },
    ),
  );
}

async function explain(
  docker: Docker,
  plans: readonly NodePlan[],
  reason: unknown,
  cause: unknown,
): Promise<AppError> {
  const what = reason instanceof Error ? reason.message : String(reason);
  const words = await Promise.all(["control-plane", ...plans.map(({ name }) => name)].map(lastWords(docker)));
  return new AppError({
    code: "kubernetes-start",
    userMessage: `The run's Kubernetes did not start: ${what}\n${words.join("")}`.slice(0, 4000).trim(),
    retryable: true,
    cause,
  });
}

/** What a container's script said; nothing while its programs run. */
const lastWords = (docker: Docker) => async (name: string) => {
  const logs = await docker
    .getContainer(name)
    .logs({ stdout: true, stderr: true, tail: 20 })
    // It was never made.
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode === 404) return Buffer.alloc(0);
      throw error;
    });
  const text = withoutFrames(logs).trim();
  return text === "" ? "" : `${name}: ${text}\n`;
};

/** The engine puts 8 bytes before each piece of a log: which stream, and how long. */
function withoutFrames(logs: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= logs.length; ) {
    const end = at + 8 + logs.readUInt32BE(at + 4);
    pieces.push(logs.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** To a tenth. */
export const secondsSince = (since: number) => Math.round((performance.now() - since) / 100) / 10;
