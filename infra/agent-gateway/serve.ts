import { chmod, rm } from "node:fs/promises";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { ZodError } from "zod";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { type Route, routes } from "./routes.ts";

/** A socket in a folder that is mounted into machines, or a port for machines elsewhere. */
export type GatewayListen = { socketPath: string } | { host: string; port: number };

export interface AgentGateway {
  /** As a machine on this host would call it: unix:/path or http://host:port. */
  address: string;
  /** Ends open calls too: agents call again. */
  close(): Promise<void>;
}

/**
 * Answers agents over HTTP. Refusals are {error:{code,message}}: 400 for a call that breaks the protocol, 401 and
 * 409 from the service, 413 for a body too large, 500 for our own trouble (the agent tries again); onError is told
 * of the last.
 */
export async function serveAgentGateway(
  service: AgentService,
  listen: GatewayListen,
  onError: (error: unknown) => void = console.error,
): Promise<AgentGateway> {
  const server = http.createServer((request, response) => {
    handle(service, request, response).catch((error: unknown) => {
      // Once bytes are out only the connection can say that they are not all.
      if (response.headersSent) response.destroy();
      else refuse(response, error, onError);
    });
  });
  server.requestTimeout = 60_000;
  const address = await start(server, listen);
  return {
    address,
    async close() {
      const closed = new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
      server.closeAllConnections();
      await closed;
    },
  };
}

async function start(server: http.Server, listen: GatewayListen): Promise<string> {
  // A crashed worker leaves its socket behind; binding would fail on it.
  if ("socketPath" in listen) await rm(listen.socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen("socketPath" in listen ? { path: listen.socketPath } : listen, resolve);
  });
  if ("socketPath" in listen) {
    await chmod(listen.socketPath, 0o600);
    return `unix:${listen.socketPath}`;
  }
  return `http://${listen.host}:${(server.address() as AddressInfo).port}`;
}

async function handle(service: AgentService, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://agent");
  const route = routes.get(`${request.method} ${url.pathname}`);
  if (!route)
    throw new AgentRefusal(404, "no-such-call", `There is no call ${request.method} ${url.pathname}.`);
  const session = route.session ? sessionOf(request) : "";
  const answer = await route.answer(service, session, await readBody(request, route));
  if ("stream" in answer) {
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": answer.bytes });
    await pipeline(answer.stream, response);
  } else if (answer.json === null) response.writeHead(204).end();
  else sendJson(response, 200, answer.json);
}

function sessionOf(request: IncomingMessage): string {
  const session = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (!session) throw new AgentRefusal(401, "no-session", "The call carries no session.");
  return session;
}

class BadCall extends Error {
  constructor(
    readonly status: 400 | 413,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function readBody(request: IncomingMessage, route: Route): Promise<unknown> {
  if (route.maxBody === 0) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > route.maxBody)
      throw new BadCall(413, "body-too-large", `The body is larger than ${route.maxBody} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new BadCall(400, "not-json", "The body is not JSON.");
  }
}

function refuse(response: ServerResponse, error: unknown, onError: (error: unknown) => void): void {
  if (error instanceof AgentRefusal || error instanceof BadCall) {
    sendJson(response, error.status, { error: { code: error.code, message: error.message } });
  } else if (error instanceof ZodError) {
    sendJson(response, 400, { error: { code: "bad-message", message: error.issues[0]?.message ?? "" } });
  } else {
    onError(error);
    sendJson(response, 500, { error: { code: "internal", message: "Drydock could not answer; try again." } });
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  // A refused body may still be arriving: the connection cannot be used again.
  const headers = status === 413 ? { connection: "close" } : {};
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": bytes.length,
  });
  response.end(bytes);
}
