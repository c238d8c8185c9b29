import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwayEnd, awayEnds, databaseAwayFact } from "#infra/db/connection/database-away.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startWeb();
  // So that everything was asked for before, and is in memory.
  expect((await fetch(`${web.baseUrl}/sign-in`)).status).toBe(200);
}, 600_000);
afterAll(() => web?.stop());

const page = (address: string) => fetch(`${web.baseUrl}${address}`, { headers: { accept: "text/html" } });
const cookie = "better-auth.session_token=made-up.made-up";
const asked: [string, AwayEnd, () => Promise<Response>][] = [
  ["a page", "reads", () => page("/sign-in")],
  [
    "a page of somebody signed in",
    "reads",
    () => fetch(`${web.baseUrl}/`, { headers: { accept: "text/html", cookie } }),
  ],
  [
    "the API",
    "reads",
    () => fetch(`${web.baseUrl}/api/runs/run_1`, { headers: { authorization: "Bearer made-up" } }),
  ],
  [
    "sign-in",
    "not-done",
    () =>
      fetch(`${web.baseUrl}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: web.baseUrl },
        body: JSON.stringify({ email: "student@example.edu", password: "wrong-password" }),
      }),
  ],
  [
    "an upload",
    "not-done",
    () =>
      fetch(`${web.baseUrl}/api/submissions?exercise=a/b/c&name=work.zip`, {
        method: "POST",
        headers: { authorization: "Bearer made-up", "content-type": "application/zip" },
        body: Buffer.alloc(2 * 1024 * 1024, 7),
      }),
  ],
];

test("while the database is away everything says so and when to come back, and goes on once it is there", async () => {
  await web.database.server.halt();
  for (const [what, end, ask] of asked) {
    const answer = await ask();
    expect([what, answer.status, answer.headers.get("retry-after")]).toEqual([what, 503, "5"]);
    const text = await answer.text();
    for (const part of [databaseAwayFact, awayEnds[end]]) expect(text, what).toContain(part);
  }
  expect((await fetch(`${web.baseUrl}/api/health`)).status).toBe(503);
  const files = await readdir(path.join(web.dataDir, "files"), { recursive: true }).catch(() => []);
  expect(files.filter((name) => /submissions\/|incoming\//.test(name))).toEqual([]);
  await web.database.server.resume();
  await expect.poll(async () => (await page("/sign-in")).status, { timeout: 15_000 }).toBe(200);
});
