import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

/** What tests/contract/support/stand-in-agent.mjs says each time. */
export interface AgentCall {
  engine: string;
  userData: { agentAddress: string; token: string; leaseUntil: string };
}

export interface StandInGateway {
  dir: string;
  /** The next call with this token that comes in from now on. */
  nextCall(token: string): Promise<AgentCall>;
  /** The agent with this token is told to end. */
  end(token: string): void;
  /** Closes the socket and makes a new one of the same name, as a worker does that starts again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startStandInGateway(): Promise<StandInGateway> {
  const dir = await mkdtemp(path.join(tmpdir(), "drydock-gateway-"));
  const ending = new Set<string>();
  const waiting = new Map<string, ((call: AgentCall) => void)[]>();
  const listen = async (): Promise<Server> => {
    const server = createServer(async (request, response) => {
      const call = JSON.parse(await text(request)) as AgentCall;
      response.setHeader("connection", "close");
      response.end(ending.has(call.userData.token) ? "end" : "stay");
      const { token } = call.userData;
      for (const resolve of waiting.get(token) ?? []) resolve(call);
      waiting.delete(token);
    });
    server.listen(path.join(dir, "agent.sock"));
    await once(server, "listening");
    return server;
  };
  const stop = (server: Server) => new Promise((resolve) => server.close(resolve));
  let server = await listen();
  return {
    dir,
    nextCall: (token) =>
      new Promise((resolve) => waiting.set(token, [...(waiting.get(token) ?? []), resolve])),
    end: (token) => ending.add(token),
    async restart() {
      await stop(server);
      server = await listen();
    },
    async close() {
      await stop(server);
      await rm(dir, { recursive: true });
    },
  };
}
