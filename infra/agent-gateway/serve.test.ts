import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { AgentCrashed } from "#grading/machine/agent/crash.ts";
import { runAgent } from "#grading/machine/agent/run-agent.ts";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import type { RunOrder, RunResult, SequencedEvent } from "#grading/protocol/messages.ts";
import { createOneRunService } from "#grading/protocol/one-run-service.ts";
import { serveAgentGateway } from "./serve.ts";

const token = "one-time-token-for-tests";
let dir: string;
let socketPath: string;
let events: SequencedEvent[];
let results: RunResult[];
let leases: string[];
beforeEach(async () => {
  leases = [];
  dir = await mkdtemp(path.join(os.tmpdir(), "drydock-gateway-"));
  socketPath = path.join(dir, "agent.sock");
  events = [];
  results = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A tar with one file, by hand: the name, its size in octal, the checksum. */
function tarOf(name: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${text.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        0ustar\x0000", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}

async function createService(change: (order: RunOrder) => RunOrder = (order) => order) {
  const archive = tarOf("Dockerfile", "FROM debian:trixie-slim\n");
  const submissionPath = path.join(dir, "submission.tar");
  await writeFile(submissionPath, archive);
  const order: RunOrder = {
    runId: "run_1",
    attempt: 1,
    spec: exerciseSpec.parse({
      slug: "x",
      title: "x",
      checks: [
        {
          id: "files",
          kind: "files/required",
          title: "Files",
          points: 3,
          timeoutSeconds: 10,
          with: { files: [{ path: "Dockerfile" }, { path: "absent" }], partial: true },
        },
        {
          id: "lint",
          kind: "docker/lint",
          title: "Lint",
          points: 2,
          timeoutSeconds: 10,
          with: { rules: ["from-pinned"] },
        },
        {
          id: "after",
          kind: "docker/lint",
          title: "After",
          points: 2,
          needs: ["files"],
          timeoutSeconds: 10,
          with: { rules: ["user-set"] },
        },
      ],
    }),
    submission: {
      fileName: "w.tar",
      bytes: archive.length,
      sha256: createHash("sha256").update(archive).digest("hex"),
    },
    hidden: { bytes: 0 },
    leaseUntil: new Date(Date.now() + 600_000).toISOString(),
  };
  return createOneRunService({
    order: change(order),
    token,
    machineId: "mch_1",
    submissionPath,
    hiddenPath: null,
    onEvent: (event) => events.push(event),
    onResult: (result) => results.push(result),
  });
}

const engine = { ping: async () => "OK" } as unknown as Parameters<typeof runAgent>[0]["docker"];
const agent = (address: string) =>
  runAgent({
    address,
    token,
    docker: engine,
    workDir: path.join(dir, "work"),
    shorten: async (leaseUntil) => void leases.push(leaseUntil),
    say: () => undefined,
    crashed: new AbortController().signal,
  });
const silent = () => undefined;

test("an agent over a socket gets its run, streams events and reports a result", async () => {
  const gateway = await serveAgentGateway(await createService(), { socketPath });
  expect(await agent(gateway.address)).toBe("reported");
  await gateway.close();
  expect(results).toHaveLength(1);
  expect(leases.length).toBeGreaterThan(0);
  expect(new Set(leases).size).toBe(1);
  expect(results[0]).toMatchObject({
    outcome: "graded",
    checks: [
      { id: "files", verdict: "failed", fault: "student", points: 1.5 },
      { id: "lint", verdict: "passed", fault: null, points: 2 },
      {
        id: "after",
        verdict: "failed",
        points: 0,
        message: { happened: "“Files” did not pass, so this check was not run." },
      },
    ],
  });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ event }) => event.type === "check-finished")).toHaveLength(3);
});

test("a gateway that goes away between calls and loses answers changes nothing: every event and the result once", async () => {
  const service = await createService();
  let calls = 0;
  /** Each call after the session first fails on our side, then works but its answer is lost. */
  const shaky = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    let tries = 0;
    return async (...args: Args): Promise<T> => {
      tries += 1;
      calls += 1;
      if (tries === 1) throw new Error("database is away");
      const answer = await call(...args);
      if (tries === 2) throw new Error("answer is lost");
      return answer;
    };
  };
  const troubled: AgentService = {
    ...service,
    nextRun: shaky(service.nextRun),
    appendEvents: shaky(service.appendEvents),
    reportResult: shaky(service.reportResult),
  };
  const first = await serveAgentGateway(troubled, { socketPath }, silent);
  const running = agent(first.address);
  await expect.poll(() => calls).toBeGreaterThan(0);
  await first.close();
  const second = await serveAgentGateway(troubled, { socketPath }, silent);
  expect(await running).toBe("reported");
  await second.close();
  expect(results).toHaveLength(1);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
});

test("bytes that are not those stated end in a platform fault, never in points", async () => {
  const service = await createService((order) => ({
    ...order,
    submission: { ...order.submission, sha256: "0".repeat(64) },
  }));
  const gateway = await serveAgentGateway(service, { socketPath });
  await agent(gateway.address);
  await gateway.close();
  expect(results).toMatchObject([
    {
      outcome: "platform_fault",
      checks: [],
      fault: { code: "files", detail: expect.stringContaining("sha256") },
    },
  ]);
});

test("an agent in which something breaks outside of the check reports it as the check's, once, and without its words", async () => {
  const crash = new AbortController();
  const service = await createService((order) => ({
    ...order,
    spec: {
      ...order.spec,
      checks: [
        {
          id: "build",
          kind: "docker/build",
          title: "Build",
          points: 1,
          needs: [],
          timeoutSeconds: 10,
          with: {},
        },
      ],
    },
  }));
  const gateway = await serveAgentGateway(service, { socketPath });
  const docker = {
    ...engine,
    // As a library does that throws in a callback of its own: the check's promise never ends.
    listImages: () => {
      setImmediate(() =>
        crash.abort(new AgentCrashed("It broke.", { cause: new Error("Invalid URL ..%2f") })),
      );
      return new Promise(() => undefined);
    },
  } as unknown as typeof engine;
  const workDir = path.join(dir, "work");
  const options = { address: gateway.address, token, docker, workDir };
  const quiet = { say: () => undefined, shorten: async () => undefined };
  expect(await runAgent({ ...options, ...quiet, crashed: crash.signal })).toBe("reported");
  await gateway.close();
  expect(results).toMatchObject([
    {
      outcome: "check_fault",
      fault: { code: "check", check: "build", detail: expect.stringContaining("Invalid URL ..%2f") },
      checks: [],
    },
  ]);
});

test("a token works once, a wrong session is refused, and so are calls that break the protocol", async () => {
  const service = await createService();
  const gateway = await serveAgentGateway(service, { host: "127.0.0.1", port: 0 });
  const post = (call: string, body: unknown, session = "none") =>
    fetch(`${gateway.address}${call}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${session}` },
    });
  const granted = await post("/agent/session", { token });
  const { session } = (await granted.json()) as { session: string };
  expect((await post("/agent/session", { token })).status).toBe(401);
  expect((await post("/agent/heartbeat", { phase: "idle" })).status).toBe(401);
  expect((await post("/agent/heartbeat", { phase: "asleep" }, session)).status).toBe(400);
  expect((await post("/agent/heartbeat", "{", session)).status).toBe(400);
  expect((await post("/agent/heartbeat", { phase: "x".repeat(10_000) }, session)).status).toBe(413);
  expect((await post("/agent/other", {}, session)).status).toBe(404);
  const result = { runId: "run_1", attempt: 2, outcome: "graded", fault: null, checks: [] };
  expect((await post("/agent/result", result, session)).status).toBe(409);
  expect(results).toEqual([]);
  await gateway.close();
});

test("a cancelled run ends the agent without a result", async () => {
  const service = await createService();
  service.cancel();
  const gateway = await serveAgentGateway({ ...service, nextRun: async () => null }, { socketPath });
  expect(await agent(gateway.address)).toBe("over");
  await gateway.close();
  expect(results).toEqual([]);
});
