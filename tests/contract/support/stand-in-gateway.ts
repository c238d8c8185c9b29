import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { addressInMachine, gatewayListen, type Uplink } from "#infra/compute/docker/uplink/uplink.ts";

/** What tests/contract/support/stand-in-agent.mjs says each time. */
export interface AgentCall {
  engine: string;
  userData: { agentAddress: string; token: string; leaseUntil: string };
}

export interface StandInGateway {
  dir: string;
  /** As machines call it. */
  address: string;
  /** The next call with this token that comes in from now on. */
  nextCall(token: string): Promise<AgentCall>;
  /** The agent with this token is told to end. */
  end(token: string): void;
  /** Closes the socket or port and opens it again, as a worker does that starts again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startStandInGateway(uplink: Uplink): Promise<StandInGateway> {
  const dir = await mkdtemp(path.join(tmpdir(), "drydock-gateway-"));
  const ending = new Set<string>();
  const waiting = new Map<string, ((call: AgentCall) => void)[]>();
  const socketPath = path.join(dir, "agent.sock");
  const listen = async (port: number): Promise<Server> => {
    const server = createServer(async (request, response) => {
      const call = JSON.parse(await text(request)) as AgentCall;
      response.setHeader("connection", "close");
      response.end(ending.has(call.userData.token) ? "end" : "stay");
      const { token } = call.userData;
      for (const resolve of waiting.get(token) ?? []) resolve(call);
      waiting.delete(token);
    });
    const where = gatewayListen(uplink, socketPath, port);
    server.listen("socketPath" in where ? { path: where.socketPath } : where);
    await once(server, "listening");
    return server;
  };
  const stop = (server: Server) => new Promise((resolve) => server.close(resolve));
  let server = await listen(0);
  const at = server.address() as AddressInfo | string;
  const port = typeof at === "string" ? 0 : at.port;
  return {
    dir,
    address: addressInMachine(typeof at === "string" ? `unix:${at}` : `http://${at.address}:${at.port}`),
    nextCall: (token) =>
      new Promise((resolve) => waiting.set(token, [...(waiting.get(token) ?? []), resolve])),
    end: (token) => ending.add(token),
    async restart() {
      await stop(server);
      server = await listen(port);
    },
    async close() {
      await stop(server);
      await rm(dir, { recursive: true });
    },
  };
}
