/** Where everything of a run's Kubernetes is; the machine holds one cluster, so names and addresses are the same in all. */
export const place = {
  engineNetwork: "drydock-kubernetes",
  /** The machine's own end of that network. */
  bridge: "kubernetes0",
  network: "10.240.0.0/24",
  gateway: "10.240.0.1",
  controlPlane: "10.240.0.10",
  pods: "10.244.0.0/16",
  services: "10.96.0.0/16",
  apiService: "10.96.0.1",
  dns: "10.96.0.10",
  /** Of the machine, with the keys; each container sees its own part only. */
  keys: "/run/drydock/kubernetes",
  /** Programs, prepared images and the scripts that run in the containers. */
  programs: "/opt/kubernetes",
  scripts: "/opt/kubernetes/scripts",
  engineImage: "drydock/node:latest",
  probeNamespace: "drydock-probe",
} as const;

export const server = `https://${place.controlPlane}:6443`;

/** What the pods of one node may have together, whatever the computer has. */
export const nodeCapacity = { cpus: 2, memoryMiB: 1024 } as const;

export interface NodePlan {
  name: string;
  address: string;
  /** Addresses of its pods. */
  podNetwork: string;
}

export function planNodes(count: number): [NodePlan, ...NodePlan[]] {
  const node = (number: number): NodePlan => ({
    name: `node-${number}`,
    address: `10.240.0.${10 + number}`,
    podNetwork: `10.244.${number}.0/24`,
  });
  return [node(1), ...Array.from({ length: count - 1 }, (_, i) => node(i + 2))];
}
