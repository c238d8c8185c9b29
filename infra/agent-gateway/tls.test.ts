import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTransport } from "#grading/machine/agent/transport.ts";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { makeCertificates } from "#tests/support/certificates.ts";
import { callSelf } from "./call-self.ts";
import { type AgentGateway, serveAgentGateway } from "./serve.ts";

const session = "a-session-of-a-machine";
const service = {
  admit: async (given) => {
    if (given !== session) throw new AgentRefusal(401, "session-unknown", "Unknown.");
    return { assigned: false };
  },
  nextRun: async () => null,
} as Partial<AgentService> as AgentService;

let certificates: Awaited<ReturnType<typeof makeCertificates>>;
let gateway: AgentGateway;
beforeEach(async () => {
  certificates = await makeCertificates(["DNS:localhost"]);
  const { cert, key } = certificates;
  gateway = await serveAgentGateway(service, { host: "127.0.0.1", port: 0, tls: { cert, key } });
});
afterEach(() => gateway.close());
const named = () => `https://localhost:${new URL(gateway.address).port}`;

describe("a gateway with a certificate of its own", () => {
  test("answers agents that know its authority, and no others get as far as a call", async () => {
    const knows = createTransport(named(), certificates.ca);
    expect(await knows.call("GET", "/agent/run", session)).toBeNull();
    knows.close();
    const stranger = createTransport(named());
    await expect(stranger.call("GET", "/agent/run", session)).rejects.toThrow(/certificate/);
    stranger.close();
    const elsewhere = createTransport(gateway.address, certificates.ca);
    await expect(elsewhere.call("GET", "/agent/run", session)).rejects.toThrow(/does not match/);
    elsewhere.close();
  });

  test("is called by its own worker at whatever address it listens at", async () => {
    await callSelf(gateway.address, 5_000);
  });

  test("hears a machine though ever so many strangers hold connections open before their handshake", async () => {
    const machine = createTransport(named(), certificates.ca);
    await machine.call("GET", "/agent/run", session);
    const { hostname: host, port } = new URL(gateway.address);
    const strangers = Array.from({ length: 100 }, () => connect({ host, port: Number(port) }));
    let ended = 0;
    for (const socket of strangers) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        ended += 1;
      });
    }
    await Promise.all(strangers.map((socket) => once(socket, "connect")));
    await expect.poll(() => ended).toBe(36);
    // On the connection that it had: the strangers took nobody's place.
    expect(await machine.call("GET", "/agent/run", session)).toBeNull();
    const late = createTransport(named(), certificates.ca);
    expect(await late.call("GET", "/agent/run", session)).toBeNull();
    await wait(50);
    for (const socket of strangers) socket.destroy();
    machine.close();
    late.close();
  });

  test("without an agent to hand out says that there is no such call", async () => {
    const transport = createTransport(named(), certificates.ca);
    await expect(transport.call("GET", "/agent/program", null)).rejects.toMatchObject({ status: 404 });
    transport.close();
  });
});
