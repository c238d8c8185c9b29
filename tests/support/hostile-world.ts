import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import type Docker from "dockerode";
import type { KubernetesCluster } from "#grading/machine/checks/kit/kubernetes-cluster.ts";

/** Says that the machine itself is well, and answers all else as it is told to. */
export interface HostileAnswer {
  /** How an engine or API server answers: with a status and a body, or by closing the connection. */
  status: number | "closed";
  body: unknown;
}

/** An engine that answers every call but ping with this, and would start a plain image when startsPlain. */
export function hostileEngine({ status, body }: HostileAnswer, startsPlain = false): Docker {
  const answer = async () => {
    if (status === "closed") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    if (status >= 400)
      throw Object.assign(new Error(`(HTTP code ${status}) unexpected - ${JSON.stringify(body)}`), {
        statusCode: status,
        json: body,
      });
    return body;
  };
  const plain = { start: async () => undefined, remove: async () => undefined };
  const things = {
    ping: async () => "OK",
    createContainer: ({ Image }: { Image: string }) =>
      startsPlain && Image === "busybox:latest" ? Promise.resolve(plain) : answer(),
    modem: { demuxStream: () => undefined, followProgress: () => undefined },
  } as Record<string, unknown>;
  const anything: unknown = new Proxy(answer, {
    get: (_target, name) => (name === "then" ? undefined : answer),
  });
  return new Proxy(things, {
    get: (target, name: string) =>
      name in target ? target[name] : /^get[A-Z]/.test(name) ? () => anything : answer,
  }) as unknown as Docker;
}

/** An API server that tells its version and answers all else with what `answer` says at the time. */
export async function hostileCluster(answer: (path: string) => HostileAnswer) {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const url = request.url ?? "/";
    const { status, body } = url.startsWith("/version")
      ? { status: 200, body: { gitVersion: "v1.36.3", major: "1", minor: "36" } }
      : answer(url);
    if (status === "closed") return void request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true }],
    users: [{ name: "u", token: "t" }],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
  const nothing = async () => undefined;
  const node = {
    name: "node-1",
    address: "127.0.0.1",
    stop: nothing,
    start: nothing,
    pause: nothing,
    unpause: nothing,
  };
  const cluster: KubernetesCluster = {
    version: "v1.36.3",
    admin: config,
    student: config,
    namespaces: ["student"],
    probeNamespace: "drydock-probe",
    nodes: [node, { ...node, name: "node-2" }],
    dnsAddress: "127.0.0.1",
    loadImage: async () => {
      throw new Error("No node takes it.");
    },
    imageNames: async () => ["busybox:latest"],
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { cluster, close };
}
