import path from "node:path";
import type { GatewayListen } from "#infra/agent-gateway/serve.ts";

/**
 * How the agent in a machine reaches Drydock on this computer: by a socket in a folder that the machine mounts, or
 * by TCP where the engine runs in a virtual machine of its own, which a socket does not cross.
 */
export type Uplink =
  | { kind: "socket" }
  /** host: the address of this computer that the engine's `host.docker.internal` leads to. */
  | { kind: "tcp"; host: string };

/** The gateway's folder as it is mounted into machines. */
export const gatewayMount = "/run/drydock/gateway";
/** The name of this computer in machines, and what the engine makes of it. */
export const hostName = "host.docker.internal";
export const hostEntry = `${hostName}:host-gateway`;

/** Where the gateway listens; port 0 asks for any. */
export function gatewayListen(uplink: Uplink, socketPath: string, port: number): GatewayListen {
  return uplink.kind === "socket" ? { socketPath } : { host: uplink.host, port };
}

/** The gateway as a machine calls it, of its address on this computer: unix:/folder/name.sock or http://host:port. */
export function addressInMachine(gatewayAddress: string): string {
  if (gatewayAddress.startsWith("unix:")) return `unix:${gatewayMount}/${path.basename(gatewayAddress)}`;
  return `http://${hostName}:${new URL(gatewayAddress).port}`;
}
