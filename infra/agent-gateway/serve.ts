import { chmod, rm } from "node:fs/promises";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { type AddressInfo, isIPv6 } from "node:net";
import { pipeline } from "node:stream/promises";
import { ZodError } from "zod";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { type AgentProgram, sendProgram } from "./agent-program.ts";
import { Connections } from "./connections.ts";
import { BadCall, readBody } from "./read-body.ts";
import { type Route, routes } from "./routes.ts";

/**
 * A socket in a folder that is mounted into machines, or a port for machines elsewhere, with a certificate of its own
 * (PEM) or without: on this computer, or behind whoever ends TLS.
 */
export type GatewayListen =
  | { socketPath: string }
  | { host: string; port: number; tls?: { cert: string; key: string } };

export interface AgentGateway {
  /** As a machine on this host would call it: unix:/path, http://host:port or https://host:port. */
  address: string;
  /** Ends open calls too: agents call again. */
  close(): Promise<void>;
}

/** Milliseconds. An agent that is let go calls again. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  /** Agents beat every two seconds on the same connection. */
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 8 * 1024,
  handshakeTimeout: 10_000,
};
/** Of a connection on which nothing moves, such as one whose reader has stopped. */
const idleMs = 60_000;
/** Until a machine has its run it has nothing longer to say, bytes. */
const maxUnassigned = 1024 * 1024;
/** A body that was not read is let pass up to this; a connection with a longer one is closed. */
const maxSkipped = 64 * 1024;

interface Gateway {
  service: AgentService;
  program: AgentProgram | undefined;
  connections: Connections;
  /** Calls under way that carry a session. */
  underWay: Set<string>;
}

/**
 * Answers agents over HTTP. The session is looked at before the body is read, and what a body may be depends on it.
 * Refusals are {error:{code,message}}: 400 for a call that breaks the protocol, 401 and 409 from the service, 413 for a
 * body too large, 429 for a second call of the same kind at once, 500 for our own trouble (the agent tries again after
 * both); onError is told of the last. program: handed to whoever asks for it, without a session.
 */
export async function serveAgentGateway(
  service: AgentService,
  listen: GatewayListen,
  onError: (error: unknown) => void = console.error,
  program?: AgentProgram,
): Promise<AgentGateway> {
  const gateway: Gateway = { service, program, connections: new Connections(), underWay: new Set() };
  const tls = "tls" in listen ? listen.tls : undefined;
  const server = createServer(tls, (request, response) => {
    handle(gateway, request, response).catch((error: unknown) => {
      // Once bytes are out only the connection can say that they are not all.
      if (response.headersSent) response.destroy();
      else refuse(request, response, error, onError);
    });
  });
  server.setTimeout(idleMs);
  // Under TLS that is the connection below, which counts from before its handshake.
  server.on("connection", (socket) => gateway.connections.opened(socket));
  server.on("secureConnection", (socket) => gateway.connections.secured(socket));
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

function createServer(
  tls: { cert: string; key: string } | undefined,
  onRequest: http.RequestListener,
): http.Server | https.Server {
  if (tls === undefined) return http.createServer(limits, onRequest);
  return https.createServer({ ...limits, ...tls, minVersion: "TLSv1.2" }, onRequest);
}

async function start(server: http.Server | https.Server, listen: GatewayListen): Promise<string> {
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
  const host = isIPv6(listen.host) ? `[${listen.host}]` : listen.host;
  const scheme = listen.tls === undefined ? "http" : "https";
  return `${scheme}://${host}:${(server.address() as AddressInfo).port}`;
}

async function handle(gateway: Gateway, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://agent");
  const name = `${request.method} ${url.pathname}`;
  if (name === "GET /agent/program" && gateway.program) return sendProgram(response, gateway.program);
  const route = routes.get(name);
  if (!route) throw new AgentRefusal(404, "no-such-call", `There is no call ${name.slice(0, 200)}.`);
  if (!route.session) return answer(gateway, route, "", route.maxBody, request, response);
  const session = sessionOf(request);
  const { assigned } = await gateway.service.admit(session);
  gateway.connections.belongsTo(session, request.socket);
  const maxBody = assigned ? route.maxBody : Math.min(route.maxBody, maxUnassigned);
  const call = `${name} ${session}`;
  if (gateway.underWay.has(call))
    throw new BadCall(429, "one-at-a-time", "The call before this one is not answered yet.");
  gateway.underWay.add(call);
  try {
    await answer(gateway, route, session, maxBody, request, response);
  } finally {
    gateway.underWay.delete(call);
  }
}

async function answer(
  { service }: Gateway,
  route: Route,
  session: string,
  maxBody: number,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const body = await readBody(request, maxBody, route.json);
  const answered = await route.answer(service, session, body);
  if ("stream" in answered) {
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": answered.bytes,
    });
    await pipeline(answered.stream, response);
  } else if (answered.json === null) response.writeHead(204).end();
  else sendJson(response, 200, answered.json);
}

function sessionOf(request: IncomingMessage): string {
  const session = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? "")?.[1];
  if (!session) throw new AgentRefusal(401, "no-session", "The call carries no session.");
  return session;
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  onError: (error: unknown) => void,
): void {
  // A refused body may still be arriving: the connection cannot be used again, unless the rest is short.
  const rest = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
  if (!request.readableEnded && request.method !== "GET" && !(rest <= maxSkipped))
    response.setHeader("connection", "close");
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
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  response.end(bytes);
}
