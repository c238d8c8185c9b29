import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { awayEnds, databaseAwayFact, databaseAwaySentence } from "#infra/db/connection/database-away.ts";
import { databaseDoor } from "./database-door.ts";

let server: Server;
let base: string;
let awaySince = Number.NEGATIVE_INFINITY;
const watch = { answers: false, wasAway: (since: number) => since <= awaySince };
/** What is behind the door. */
let handler: RequestListener;
/** What others lay over a response before. */
let before: (response: ServerResponse) => void;
const passed: string[] = [];

beforeEach(async () => {
  watch.answers = false;
  passed.length = 0;
  awaySince = Number.NEGATIVE_INFINITY;
  handler = (_, response) => response.end("passed");
  before = () => undefined;
  const door = databaseDoor(
    (request, response) => {
      passed.push(request.url ?? "");
      handler(request, response);
    },
    watch,
    () => 1_000,
  );
  server = createServer((request, response) => {
    before(response);
    door(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const html = { accept: "text/html,application/xhtml+xml" };

test("while the database does not answer a page is 503 with the sentence, and comes back by itself", async () => {
  const answer = await fetch(`${base}/runs/run_1?tab=log`, { headers: html });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const text = await answer.text();
  for (const part of [databaseAwayFact, awayEnds.reads]) expect(text).toContain(part);
  expect(text).toContain('http-equiv="refresh" content="5"');
  expect(passed).toEqual([]);
});

test("programs get the sentence as JSON, and a form's action as text that its page can show", async () => {
  for (const path of ["/api/runs/run_1", "/api/auth/sign-in/email"]) {
    const answer = await fetch(`${base}${path}`, { headers: { accept: "application/json" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toEqual({
      error: { code: "database-away", message: databaseAwaySentence("reads") },
    });
  }
  const action = await fetch(`${base}/`, { method: "POST", headers: { "next-action": "a1" }, body: "x" });
  expect([action.status, await action.text()]).toEqual([503, databaseAwaySentence("not-done")]);
  expect(action.headers.get("content-type")).toContain("text/plain");
});

test("an upload is refused although its bytes still come, and a form is not sent again by itself", async () => {
  const body = Buffer.alloc(8 * 1024 * 1024);
  const upload = await fetch(`${base}/api/submissions?exercise=a/b/c`, { method: "POST", body });
  expect(upload.status).toBe(503);
  expect(await upload.json()).toMatchObject({ error: { code: "database-away" } });
  const form = await fetch(`${base}/api/submissions`, { method: "POST", body: "x", headers: html });
  const page = await form.text();
  expect(page).not.toContain("http-equiv");
  expect(page).toContain(awayEnds["not-done"]);
});

test("the answer comes while the body is still sent, and the rest is read: its sender sees it, and no broken line", async () => {
  const { port } = server.address() as AddressInfo;
  const socket = net.connect(port, "127.0.0.1");
  let said = "";
  const broke = new Promise((_, reject) => socket.once("error", reject));
  broke.catch(() => undefined);
  socket.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  const piece = Buffer.alloc(1024 * 1024);
  socket.write(
    `POST /api/submissions?exercise=a/b/c HTTP/1.1\r\nHost: x\r\nContent-Length: ${8 * piece.length}\r\n\r\n`,
  );
  await expect.poll(() => said).toContain("503 Service Unavailable");
  for (let sent = 0; sent < 8; sent++) {
    await Promise.race([broke, new Promise<void>((done) => socket.write(piece, () => done()))]);
  }
  // The line still stands for the next request.
  watch.answers = true;
  socket.write("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  await expect.poll(() => said).toContain("passed");
  socket.destroy();
});

test("what needs no database is served, and everything once it answers", async () => {
  for (const path of ["/_next/static/a.js", "/.well-known/jwks.json", "/api/health"])
    await fetch(`${base}${path}`);
  expect(passed).toEqual(["/_next/static/a.js", "/.well-known/jwks.json", "/api/health"]);
  watch.answers = true;
  expect((await fetch(`${base}/runs/run_1`, { headers: html })).status).toBe(200);
});

describe("a page that was under way when the database stopped answering", () => {
  const failing: RequestListener = (_, response) => {
    response.statusCode = 500;
    response.setHeader("x-powered-by", "a page");
    response.write("This page failed");
    response.end(" on our side.");
  };
  /** As compression does: it takes the methods that are there, sends the head itself and goes on through them. */
  const laidOver: RequestListener = (request, response) => {
    const { write, end } = response;
    const withHead =
      (method: (...given: never[]) => unknown) =>
      (...given: never[]) => {
        if (!response.headersSent) response.writeHead(response.statusCode, { "content-encoding": "br" });
        return method.apply(response, given);
      };
    Object.assign(response, { write: withHead(write), end: withHead(end) });
    failing(request, response);
  };
  beforeEach(() => {
    watch.answers = true;
    awaySince = 1_000;
  });

  test.each([
    ["written as it is", failing],
    ["compressed on its way", laidOver],
  ])("and failed of it, %s, is 503 and comes back by itself", async (_, behind) => {
    handler = behind;
    const answer = await fetch(`${base}/runs/run_1`, { headers: html });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(answer.headers.get("x-powered-by")).toBeNull();
    const text = await answer.text();
    expect(text).toContain('http-equiv="refresh"');
    expect(text).not.toContain("failed");
  });

  test("is left as it is when it did not fail, when it is an act, and when the database was there all the time", async () => {
    expect(await (await fetch(`${base}/`, { headers: html })).text()).toBe("passed");
    handler = failing;
    const act = await fetch(`${base}/`, { method: "POST", body: "x", headers: html });
    expect([act.status, await act.text()]).toEqual([500, "This page failed on our side."]);
    awaySince = 999;
    expect((await fetch(`${base}/`, { headers: html })).status).toBe(500);
  });

  test("tells whoever waits for its head that it leaves, failed or not", async () => {
    for (const behind of [failing, ((_, response) => response.end("well")) satisfies RequestListener]) {
      handler = behind;
      let left = 0;
      before = (response) => {
        const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
        response.writeHead = (...given: unknown[]) => {
          left += 1;
          return writeHead(...given);
        };
      };
      await (await fetch(`${base}/`, { headers: html })).text();
      expect(left).toBe(1);
    }
  });
});
