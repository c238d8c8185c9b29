import type Docker from "dockerode";
import { type NodePlan, place } from "./cluster-plan.ts";
import { onMachine } from "./on-machine.ts";

/**
 * The engine's network of control plane and nodes. It is internal, so it has no way out; on top of that nothing in it
 * may begin a conversation with the machine or be forwarded anywhere else.
 */
export async function makeClusterNetwork(docker: Docker): Promise<void> {
  await docker.createNetwork({
    Name: place.engineNetwork,
    Driver: "bridge",
    Internal: true,
    IPAM: { Driver: "default", Config: [{ Subnet: place.network, Gateway: place.gateway }] },
    Options: { "com.docker.network.bridge.name": place.bridge },
  });
  await closeNetwork();
}

async function closeNetwork(): Promise<void> {
  const { bridge } = place;
  const mangle = (...rule: string[]) => onMachine(["iptables", "-w", "-t", "mangle", "-A", ...rule]);
  // Bridged frames pass here too where the kernel shows them to iptables, with the bridge on both sides.
  await onMachine(["iptables", "-w", "-I", "DOCKER-USER", "-i", bridge, "-o", bridge, "-j", "ACCEPT"]);
  await mangle(
    "INPUT",
    "-i",
    bridge,
    "-m",
    "conntrack",
    "!",
    "--ctstate",
    "ESTABLISHED,RELATED",
    "-j",
    "DROP",
  );
  await mangle("FORWARD", "-i", bridge, "!", "-o", bridge, "-j", "DROP");
  await mangle("FORWARD", "!", "-i", bridge, "-o", bridge, "-j", "DROP");
}

/** The machine's ways to each node's pods, and to Services through one node. */
export async function addRoutes(nodes: readonly [NodePlan, ...NodePlan[]]): Promise<void> {
  for (const { podNetwork, address } of nodes)
    await onMachine(["ip", "route", "replace", podNetwork, "via", address]);
  await routeServicesVia(nodes[0]);
}

export async function routeServicesVia(node: NodePlan): Promise<void> {
  await onMachine(["ip", "route", "replace", place.services, "via", node.address]);
}
