import http from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { afterEach, describe, expect, test } from "vitest";
import { sendRequest } from "../../api/send-request.ts";
import { startLoad } from "./steady-load.ts";

const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: http.RequestListener): Promise<number> {
  const server = http.createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const never = new AbortController().signal;
const target = (port: number) => ({ host: "127.0.0.1", port, path: "/" });

function load(port: number, enough: (answered: number) => boolean, perSecond = 200) {
  const origin = performance.now();
  return new Promise<Awaited<ReturnType<ReturnType<typeof startLoad>["stop"]>>>((resolve, reject) => {
    let answered = 0;
    const steady = startLoad(
      {
        target: target(port),
        perSecond,
        timeoutMs: 2000,
        status: 200,
        atMs: () => performance.now() - origin,
        onAnswer() {
          answered += 1;
          if (enough(answered)) steady.stop().then(resolve, reject);
        },
      },
      never,
    );
  });
}

describe("a steady load", () => {
  test("opens a connection of its own for every request", async () => {
    const connections = new Set<number | undefined>();
    let requests = 0;
    const port = await serve((request, response) => {
      requests += 1;
      connections.add(request.socket.remotePort);
      response.end("ok");
    });
    const totals = await load(port, (answered) => answered >= 20);
    expect(connections.size).toBe(requests);
    expect(totals.sent).toBe(requests);
  });

  test("counts every request once, answered or failed, and repeats none", async () => {
    let requests = 0;
    const port = await serve((request, response) => {
      requests += 1;
      if (requests % 3 === 0) request.socket.destroy();
      else if (requests % 5 === 0) response.writeHead(503).end();
      else response.end("ok");
    });
    const totals = await load(port, (answered) => answered >= 20);
    expect(totals.sent).toBe(requests);
    expect(totals.answered + totals.failed).toBe(totals.sent);
    expect(totals.failures.filter(({ reason }) => reason === "cut").length).toBeGreaterThan(0);
    expect(totals.failures.filter(({ reason }) => reason === "status").length).toBeGreaterThan(0);
    expect(totals.failures).toHaveLength(totals.failed);
  });

  test("goes on while requests hang, and does not wait for an answer before the next", async () => {
    let requests = 0;
    const port = await serve((_request, response) => {
      requests += 1;
      if (requests > 1) response.end("ok");
    });
    const totals = await load(port, (answered) => answered >= 10);
    expect(totals.failures).toMatchObject([{ reason: "timeout" }]);
    expect(totals.answered).toBeGreaterThanOrEqual(10);
  });

  test("ends with the check", async () => {
    const port = await serve((_request, response) => response.end("ok"));
    const check = new AbortController();
    const options = { target: target(port), perSecond: 50, timeoutMs: 500, status: 200, atMs: () => 0 };
    const steady = startLoad(options, check.signal);
    check.abort(new Error("over"));
    await expect(steady.stop()).rejects.toThrow("over");
  });

  test("hands on what goes wrong in the check that counts its answers", async () => {
    const port = await serve((_request, response) => response.end("ok"));
    const counted = new Promise<ReturnType<typeof startLoad>>((resolve) => {
      const steady = startLoad(
        {
          target: target(port),
          perSecond: 50,
          timeoutMs: 500,
          status: 200,
          atMs: () => 0,
          onAnswer() {
            resolve(steady);
            throw new Error("cannot count");
          },
        },
        never,
      );
    });
    await expect((await counted).stop()).rejects.toThrow("cannot count");
  });
});

describe("a request without an answer", () => {
  test("was refused when nothing listens", async () => {
    const port = await serve(() => undefined);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    expect(await sendRequest(target(port), 500, never)).toMatchObject({ outcome: "lost", reason: "refused" });
  });

  test("was cut when the server ends in the middle of the body", async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => request.socket.destroy());
    });
    expect(await sendRequest(target(port), 2000, never)).toMatchObject({ outcome: "lost", reason: "cut" });
  });

  test("took too long when the body never ends", async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200);
      response.write("and so on");
    });
    expect(await sendRequest(target(port), 150, never)).toMatchObject({ outcome: "lost", reason: "timeout" });
  });

  test("keeps 64 KiB of a long body and reads on to its end", async () => {
    const port = await serve((_request, response) => response.end("x".repeat(300_000)));
    const result = await sendRequest(target(port), 2000, never);
    expect(result.outcome === "answered" && result.answer.body.length).toBe(65536);
  });
});
