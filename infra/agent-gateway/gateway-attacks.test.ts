import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { connect, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { callSelf } from "./call-self.ts";
import { type AgentGateway, serveAgentGateway } from "./serve.ts";

const mebibyte = 1024 * 1024;
let dir: string;
let socketPath: string;
let gateway: AgentGateway;
/** What came through to the service. */
let asked: string[];
let assigned: boolean;
/** Answers are held until this resolves. */
let held: Promise<void>;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "drydock-attack-"));
  socketPath = path.join(dir, "agent.sock");
  [asked, assigned, held] = [[], true, Promise.resolve()];
  gateway = await serveAgentGateway(service, { socketPath });
});
afterEach(async () => {
  await gateway.close();
  await rm(dir, { recursive: true, force: true });
});

const noted =
  <Reply>(name: string, reply: Reply) =>
  async () => {
    asked.push(name);
    await held;
    return reply;
  };
const service: AgentService = {
  admit: async (session) => {
    if (session !== "right") throw new AgentRefusal(401, "session-unknown", "The session is unknown.");
    return { assigned };
  },
  openSession: noted("session", { session: "right", machineId: "mch_1", warmUp: null }),
  takeNotice: async () => ({}),
  reportWarm: noted("warm", {}),
  nextRun: noted("run", null),
  submissionBytes: () => Promise.reject(new Error("not asked here")),
  hiddenBytes: () => Promise.reject(new Error("not asked here")),
  fileLink: async () => null,
  heartbeat: noted("heartbeat", { leaseUntil: "2024-11-12T18:00:00Z", cancel: false }),
  appendEvents: noted("events", { nextSeq: 1 }),
  reportResult: noted("result", { accepted: true }),
};

interface Sent {
  status: number;
  /** Bytes that the gateway took before it answered. */
  sent: number;
}

/** Sends the body piece by piece for as long as the gateway reads it. */
function send(url: string, session: string, pieces: Iterable<Buffer | string>): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    const request = http.request(
      {
        socketPath,
        method: "POST",
        path: url,
        agent: false,
        headers: { authorization: `Bearer ${session}` },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve({ status: response.statusCode ?? 0, sent }));
        response.on("error", reject);
      },
    );
    // The gateway hangs up on what it does not want; the answer has come by then.
    request.on("error", () => undefined);
    void (async () => {
      for (const piece of pieces) {
        if (request.destroyed || request.writableEnded) return;
        const more = request.write(piece);
        sent += Buffer.byteLength(piece);
        if (!more) await Promise.race([new Promise((drained) => request.once("drain", drained)), pause(200)]);
      }
      request.end();
    })();
  });
}

function* repeat(piece: string, bytes: number): Generator<string> {
  const block = piece.repeat(Math.ceil(65_536 / piece.length));
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
}
function* inList(start: string, piece: string, bytes: number, end: string): Generator<string> {
  yield start;
  yield* repeat(piece, bytes);
  yield end;
}

describe("a stranger", () => {
  test("with a body of 63 MiB is refused by its session, before the body is read", async () => {
    const { status, sent } = await send("/agent/result", "made-up", inList("[", "{},", 63 * mebibyte, "{}]"));
    expect(status).toBe(401);
    expect(sent).toBeLessThan(2 * mebibyte);
    expect(asked).toEqual([]);
  });

  test("with hundreds of connections that say nothing keeps no machine out", async () => {
    const idle: Socket[] = [];
    for (let i = 0; i < 300; i++) {
      const socket = connect(socketPath);
      socket.on("error", () => undefined);
      idle.push(socket);
    }
    await callSelf(gateway.address, 5_000);
    expect((await send("/agent/heartbeat", "right", ['{"phase":"idle"}'])).status).toBe(200);
    await expect
      .poll(() => idle.filter((socket) => !socket.closed && !socket.destroyed).length)
      .toBeLessThanOrEqual(64);
    for (const socket of idle) socket.destroy();
  });
});

describe("a machine whose root is a student", () => {
  test("may say no more than 1 MiB until it has its run", async () => {
    assigned = false;
    const { status, sent } = await send(
      "/agent/events",
      "right",
      inList('{"events":["', "a", 3 * mebibyte, '"]}'),
    );
    expect(status).toBe(413);
    expect(sent).toBeLessThan(3 * mebibyte);
  });

  test.each([
    ["a list of objects", "[", "{},", "{}]"],
    ["checks that are none", '{"checks":[', "{},", "{}]}"],
    ["numbers", "[", "1,", "1]"],
    ["lists in lists", "", "[", ""],
  ])("cannot make the gateway parse millions of %s", async (_name, start, piece, end) => {
    const { status, sent } = await send("/agent/result", "right", inList(start, piece, 30 * mebibyte, end));
    expect(status).toBe(413);
    expect(sent).toBeLessThan(4 * mebibyte);
    expect(asked).toEqual([]);
  });

  test.each([
    ["/agent/events", { check: "c".repeat(501), title: "t", type: "check-started" }],
    ["/agent/events", { check: "c", title: "t".repeat(501), type: "check-started" }],
    [
      "/agent/events",
      {
        type: "check-finished",
        check: "c",
        title: "t",
        verdict: "passed",
        points: 1e300,
        maxPoints: 1,
        durationMs: 1,
      },
    ],
    [
      "/agent/events",
      {
        type: "check-finished",
        check: "c",
        title: "t",
        verdict: "passed",
        points: 1,
        maxPoints: 1,
        durationMs: 1e12,
      },
    ],
  ])("cannot store texts or numbers without a bound in an event: %s %o", async (url, event) => {
    const batch = { events: [{ seq: 1, at: "2024-11-12T18:00:00.000Z", event }] };
    expect((await send(url, "right", [JSON.stringify(batch)])).status).toBe(400);
    expect(asked).toEqual([]);
  });

  test("has one call of a kind at a time, and its heartbeat beside it", async () => {
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    const batch = JSON.stringify({
      events: [{ seq: 1, at: "2024-11-12T18:00:00.000Z", event: { type: "log", check: null, line: "a" } }],
    });
    const first = send("/agent/events", "right", [batch]);
    await expect.poll(() => asked).toEqual(["events"]);
    expect((await send("/agent/events", "right", [batch])).status).toBe(429);
    const beat = send("/agent/heartbeat", "right", ['{"phase":"grading"}']);
    await expect.poll(() => asked).toEqual(["events", "heartbeat"]);
    release();
    expect([(await first).status, (await beat).status]).toEqual([200, 200]);
    expect((await send("/agent/events", "right", [batch])).status).toBe(200);
  });
});
