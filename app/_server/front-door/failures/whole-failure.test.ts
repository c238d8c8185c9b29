import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "#infra/telemetry/logger.ts";
import { absent, failureHeader, referenceHeader } from "./failure-header.ts";
import { wholeFailure } from "./whole-failure.ts";

let server: Server;
let base: string;
/** Answers like Next: first the page, then the page about its failure. */
let page: RequestListener;
let about: RequestListener;
let logged: string[];

beforeEach(async () => {
  logged = [];
  page = failsWith(404);
  about = (request, response) => {
    const failure = String(request.headers[failureHeader]);
    response.statusCode = failure === absent ? 404 : 200;
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Content-Security-Policy", "script-src 'nonce-2'");
    response.write("about ");
    response.end(`${failure} ${request.method} ${request.url} ${request.headers.cookie}`);
  };
  const render: RequestListener = (request, response) =>
    (request.headers[failureHeader] === undefined ? page : about)(request, response);
  const log = createLogger({ name: "web", level: "info" }, { write: (line) => logged.push(line) });
  const door = wholeFailure(render, render, log);
  server = createServer((request, response) => {
    response.setHeader("Strict-Transport-Security", "max-age=1");
    door(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** An empty document, as Next leaves it to the browser to fill. */
function failsWith(status: number, type = "text/html; charset=utf-8"): RequestListener {
  return (_, response) => {
    response.statusCode = status;
    response.setHeader("Content-Type", type);
    response.setHeader("Content-Security-Policy", "script-src 'nonce-1'");
    response.write('<html id="__next_error__">');
    response.end("<body></body>");
  };
}

const asBrowser = { accept: "text/html,*/*;q=0.8", cookie: "session=1" };
const get = (path: string, headers: Record<string, string> = asBrowser, method = "GET") =>
  fetch(`${base}${path}`, { method, headers });

test("a document that is not found is the page about that, under its own address and status", async () => {
  const answer = await get("/courses/x?a=1");
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe("about absent GET /absent session=1");
  // Of the page that is sent, not of the one that failed; what is about the site stays.
  expect(answer.headers.get("content-security-policy")).toContain("nonce-2");
  expect(answer.headers.get("strict-transport-security")).toBe("max-age=1");
  expect(logged).toEqual([]);
});

test("one that fails names a reference that a line of the log has, another each time", async () => {
  page = failsWith(500);
  const texts = [await (await get("/runs/r")).text(), await (await get("/runs/r")).text()];
  const references = texts.map((text) => text.split(" ")[1]);
  expect(new Set(references).size).toBe(2);
  const lines = logged.map((line) => JSON.parse(line));
  expect(lines.map(({ reference }) => reference)).toEqual(references);
  expect(lines[0]).toMatchObject({ level: 50, path: "/runs/r", method: "GET" });
});

test("every request carries its reference to whoever logs its errors", async () => {
  let seen: unknown;
  page = (request, response) => {
    seen = request.headers[referenceHeader];
    response.end("well");
  };
  expect(await (await get("/")).text()).toBe("well");
  expect(seen).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ["a program's request", { accept: "application/json" }, "/courses/x"],
  ["a part that the browser's script asks for", { ...asBrowser, rsc: "1" }, "/courses/x"],
  ["a form's action that the script sends", { ...asBrowser, "next-action": "a" }, "/courses/x"],
  ["the API", asBrowser, "/api/runs/r"],
])("%s keeps its answer", async (_, headers, path) => {
  const answer = await get(path, headers as Record<string, string>);
  expect([answer.status, await answer.text()]).toEqual([404, '<html id="__next_error__"><body></body>']);
});

test("what is no page keeps its answer, also where a browser asks", async () => {
  page = failsWith(404, "application/json");
  expect(await (await get("/courses/x/starter")).text()).toContain("__next_error__");
});

test("where that page fails too, a plain one says the same", async () => {
  about = failsWith(500);
  page = failsWith(500);
  const answer = await get("/");
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(text).toContain(JSON.parse(logged[0] ?? "{}").reference);
  expect(text).toContain("failed on our side");
  page = failsWith(404);
  expect(await (await get("/x")).text()).toContain("We cannot find that page.");
});

test("HEAD gets the same head and no body", async () => {
  const answer = await get("/x", asBrowser, "HEAD");
  expect(answer.status).toBe(404);
  expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(10);
});
