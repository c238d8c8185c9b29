import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** How to reach an API server with one credential; connections are kept and used again. */
export interface Connection {
  /** Such as https://172.18.0.2:6443. */
  server: URL;
  headers: Record<string, string>;
  agent: http.Agent | https.Agent;
}

const connections = new WeakMap<KubeConfig, Promise<Connection>>();

/** The connection of a credential. The client library would make a new one, with a new handshake, for every request. */
export function connectionOf(config: KubeConfig): Promise<Connection> {
  const known = connections.get(config);
  if (known) return known;
  const opened = open(config);
  connections.set(config, opened);
  return opened;
}

async function open(config: KubeConfig): Promise<Connection> {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error("The credential names no cluster.");
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const server = new URL(cluster.server);
  const agent =
    server.protocol === "http:"
      ? new http.Agent({ keepAlive: true })
      : new https.Agent({ keepAlive: true, ca, cert, key, rejectUnauthorized, servername });
  return { server, headers: { ...(options.headers as Record<string, string> | undefined) }, agent };
}
