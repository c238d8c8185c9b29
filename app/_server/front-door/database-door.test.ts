import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { databaseAwaySentence } from "#infra/db/database-away.ts";
import { databaseDoor } from "./database-door.ts";

let server: Server;
let base: string;
const watch = { answers: false };
const passed: string[] = [];

beforeEach(async () => {
  watch.answers = false;
  passed.length = 0;
  server = createServer(
    databaseDoor((request, response) => {
      passed.push(request.url ?? "");
      response.end("passed");
    }, watch),
  );
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
  for (const part of databaseAwaySentence.split(". ")) expect(text).toContain(part);
  expect(text).toContain('http-equiv="refresh" content="5"');
  expect(passed).toEqual([]);
});

test("programs get the sentence as JSON, and a form's action as text that its page can show", async () => {
  for (const path of ["/api/runs/run_1", "/api/auth/sign-in/email"]) {
    const answer = await fetch(`${base}${path}`, { headers: { accept: "application/json" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toEqual({ error: { code: "database-away", message: databaseAwaySentence } });
  }
  const action = await fetch(`${base}/`, { method: "POST", headers: { "next-action": "a1" }, body: "x" });
  expect([action.status, await action.text()]).toEqual([503, databaseAwaySentence]);
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
  expect(page).toContain("send it again");
});

test("what needs no database is served, and everything once it answers", async () => {
  for (const path of ["/_next/static/a.js", "/.well-known/jwks.json", "/api/health"])
    await fetch(`${base}${path}`);
  expect(passed).toEqual(["/_next/static/a.js", "/.well-known/jwks.json", "/api/health"]);
  watch.answers = true;
  expect((await fetch(`${base}/runs/run_1`, { headers: html })).status).toBe(200);
});
