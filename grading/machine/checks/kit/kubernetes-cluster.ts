import type { KubeConfig } from "@kubernetes/client-node";

/** A worker node: a container of the machine's engine, with a kubelet of its own. */
export interface KubernetesNode {
  /** As the cluster knows it, such as node-1. */
  name: string;
  address: string;
  /** Pulls the plug: no pod on it runs or answers. Way to the cluster's addresses is moved to another node first. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops every process on it where it is, as on a node that hangs; unpause lets them go on. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
}

/**
 * The Kubernetes of a run. Checks run in the machine, which has routes to pods and Services: they may connect to any
 * pod address, cluster address and node port directly, and ask the cluster's name server at dnsAddress.
 */
export interface KubernetesCluster {
  /** Such as v1.36.3. */
  version: string;
  /** Full rights; for what a check looks at or does itself. */
  admin: KubeConfig;
  /** The student's rights: everything in the exercise's namespaces, nothing elsewhere. Student's manifests go here. */
  student: KubeConfig;
  /** Of the exercise; the first is where manifests go that name none. */
  namespaces: [string, ...string[]];
  /** A namespace of Drydock's own, with no policy or quota, for pods that a check starts to look around from. */
  probeNamespace: string;
  nodes: [KubernetesNode, ...KubernetesNode[]];
  dnsAddress: string;
  /**
   * Gives every node an image of the machine's engine under the names given (such as shop-web:1.0), so that pods with
   * imagePullPolicy IfNotPresent or Never start from it. Fast when the nodes have its base already.
   */
  loadImage(engineImage: string, names: string[]): Promise<void>;
  /** Repository:tag of every image that pods can start from, without default registry and library/. */
  imageNames(): Promise<string[]>;
}
