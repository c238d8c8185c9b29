import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";

export interface TestServer {
  /** On 127.0.0.1. */
  port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** A server on this computer that answers as a test says. */
export async function serveHttp(handle: http.RequestListener): Promise<TestServer> {
  const server = http.createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** For a server that answers as an API server. */
export function apiConfig({ port }: TestServer): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "run", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: "admin", token: "secret" },
  );
  return config;
}
