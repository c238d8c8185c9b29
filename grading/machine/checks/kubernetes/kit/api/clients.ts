import {
  AppsV1Api,
  AutoscalingV2Api,
  BatchV1Api,
  CoreV1Api,
  createConfiguration,
  DiscoveryV1Api,
  EventsV1Api,
  type KubeConfig,
  type Middleware,
  NetworkingV1Api,
  PolicyV1Api,
  ServerConfiguration,
  StorageV1Api,
} from "@kubernetes/client-node";
import { clientHttp } from "./client-http.ts";
import { connectionOf } from "./connection.ts";

/** The API server's typed clients. They drop fields that they do not know: send a student's object with requestApi. */
export interface KubernetesClients {
  /** Whose credential it is; for requestApi and waitUntil. */
  config: KubeConfig;
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
  autoscaling: AutoscalingV2Api;
  discovery: DiscoveryV1Api;
  events: EventsV1Api;
  networking: NetworkingV1Api;
  policy: PolicyV1Api;
  storage: StorageV1Api;
  /** Ends every request under way. */
  signal: AbortSignal;
}

/** Clients with one credential (cluster.admin or cluster.student) whose requests end when the signal is aborted. */
export function createClients(config: KubeConfig, signal: AbortSignal): KubernetesClients {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error("The credential names no cluster.");
  const keepConnection: Middleware = {
    async pre(request) {
      request.setAgent((await connectionOf(config)).agent);
      request.setSignal(signal);
      return request;
    },
    post: async (response) => response,
  };
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(cluster.server, {}),
    httpApi: clientHttp,
    authMethods: { default: config },
    promiseMiddleware: [keepConnection],
  });
  return {
    config,
    signal,
    core: new CoreV1Api(configuration),
    apps: new AppsV1Api(configuration),
    batch: new BatchV1Api(configuration),
    autoscaling: new AutoscalingV2Api(configuration),
    discovery: new DiscoveryV1Api(configuration),
    events: new EventsV1Api(configuration),
    networking: new NetworkingV1Api(configuration),
    policy: new PolicyV1Api(configuration),
    storage: new StorageV1Api(configuration),
  };
}
