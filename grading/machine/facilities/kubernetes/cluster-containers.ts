import type Docker from "dockerode";
import { engineCapabilities } from "../../../machines/engine-capabilities.ts";
import { type NodePlan, nodeCapacity, place } from "./cluster-plan.ts";

/** The engine's own types lack a field that it has had for years. */
type ContainerOptions = Docker.ContainerCreateOptions & { HostConfig: { CgroupnsMode: string } };

const readOnly = (folder: string, target = folder): Docker.MountSettings => ({
  Type: "bind",
  Source: folder,
  Target: target,
  ReadOnly: true,
});

const ownVolume = (folder: string): Docker.MountSettings => ({ Type: "volume", Source: "", Target: folder });

const attachedAt = (address: string) => ({
  NetworkingConfig: { EndpointsConfig: { [place.engineNetwork]: { IPAMConfig: { IPv4Address: address } } } },
});

const routesTo = (nodes: readonly NodePlan[]) =>
  nodes.map(({ podNetwork, address }) => `${podNetwork}=${address}`);

/** An ordinary container but for its routes: nothing of a student's ever runs in it. */
export const controlPlaneContainer = (nodes: readonly NodePlan[]): Docker.ContainerCreateOptions => ({
  name: "control-plane",
  Hostname: "control-plane",
  Image: place.engineImage,
  Cmd: [
    `${place.scripts}/control-plane.sh`,
    place.controlPlane,
    place.services,
    place.pods,
    ...routesTo(nodes),
  ],
  ...attachedAt(place.controlPlane),
  HostConfig: {
    Init: true,
    NetworkMode: place.engineNetwork,
    CapAdd: ["NET_ADMIN"],
    // A pod that takes all the processor it can get must not slow the control loops down.
    CpuShares: 4096,
    Tmpfs: { "/run": "", "/tmp": "" },
    Mounts: [
      readOnly(place.programs),
      readOnly(`${place.keys}/control-plane`, "/etc/kubernetes"),
      // Not memory: etcd sets 128 MB aside for its log.
      ownVolume("/var/lib/etcd"),
    ],
  },
});

export const nodeContainer = (node: NodePlan, nodes: readonly NodePlan[]): ContainerOptions => ({
  name: node.name,
  Hostname: node.name,
  Image: place.engineImage,
  Cmd: [
    `${place.scripts}/node.sh`,
    node.name,
    node.address,
    place.controlPlane,
    node.podNetwork,
    `${nodeCapacity.cpus}`,
    `${nodeCapacity.memoryMiB}`,
    ...routesTo(nodes.filter((other) => other !== node)),
  ],
  ...attachedAt(node.address),
  HostConfig: {
    Init: true,
    NetworkMode: place.engineNetwork,
    CapDrop: ["ALL"],
    CapAdd: [...engineCapabilities],
    // The profile would refuse the mounts.
    SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
    CgroupnsMode: "private",
    // What is below /proc/sys stays read-only; node.sh opens its own network's part.
    Tmpfs: { "/run": "exec", "/tmp": "exec" },
    Mounts: [
      readOnly(place.programs),
      readOnly("/opt/docker-base"),
      readOnly(`${place.keys}/${node.name}`, "/etc/kubernetes"),
      ownVolume("/var/lib/containerd"),
      ownVolume("/var/lib/kubelet"),
    ],
  },
});
