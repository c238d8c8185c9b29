import { expect, test } from "vitest";
import type { Db } from "#infra/db/connection/client.ts";
import { runEventMessages } from "./run-event-stream.ts";

/** A run that goes on, with one more line of its log at every look. */
function openStream(mayStill: () => Promise<boolean>) {
  let now = 0;
  let id = 0n;
  const db = {
    runEvent: {
      findMany: async () => {
        id += 1n;
        const payload = { type: "log", check: null, line: `line ${id}` };
        return [{ id, attempt: 1, type: "log", payload, at: new Date(0) }];
      },
    },
  } as unknown as Db;
  const subscription = { next: async () => "changed" as const, close: () => undefined };
  const messages = runEventMessages({
    ...{ db, runId: "run_1", after: 0n, signal: new AbortController().signal, mayStill },
    hub: { subscribe: async () => subscription, close: () => undefined },
    places: { lately: async () => null },
    clock: () => new Date(now),
  });
  return {
    read: async () => (await messages.next()).value as string | undefined,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test("a stream ends with the session that opened it, however busy the run is, and sends nothing more", async () => {
  let signedIn = true;
  const stream = openStream(async () => signedIn);
  expect(await stream.read()).toContain("retry");
  expect(await stream.read()).toContain("line 1");
  signedIn = false;
  stream.pass(30_000);
  expect(await stream.read()).toBeUndefined();
});

test("whether the reader may still see the run is asked every half a minute, not with every line", async () => {
  let asked = 0;
  const stream = openStream(async () => {
    asked += 1;
    return true;
  });
  for (let i = 0; i < 50; i++) await stream.read();
  expect(asked).toBe(0);
  stream.pass(30_000);
  for (let i = 0; i < 50; i++) expect(await stream.read()).toBeDefined();
  expect(asked).toBe(1);
  // A clock that was put back does not put the question off.
  stream.pass(-3_600_000);
  await stream.read();
  expect(asked).toBe(2);
});

test("a reader whose run waits is told its place when it is another one, and signs of life in between", async () => {
  let position = 3;
  const estimate = { outcome: "no-estimate" as const, why: "None." };
  let reads = 0;
  const db = {
    runEvent: {
      findMany: async () => {
        reads += 1;
        return [];
      },
    },
    run: { findUniqueOrThrow: async () => ({ state: "queued" }) },
  } as unknown as Db;
  const messages = runEventMessages({
    ...{ db, runId: "run_1", after: 0n, signal: new AbortController().signal, mayStill: async () => true },
    hub: {
      subscribe: async () => ({ next: async () => "quiet" as const, close: () => undefined }),
      close: () => undefined,
    },
    places: { lately: async () => ({ position, superseded: false, waitsFor: null, estimate }) },
    clock: () => new Date(0),
  });
  const next = async () => (await messages.next()).value as string;
  expect(await next()).toContain("retry");
  expect(await next()).toMatch(/^event: place\ndata: {"position":3,/);
  position = 2;
  expect(await next()).toMatch(/^event: place\ndata: {"position":2,/);
  expect(await next()).toContain("still here");
  // What it costs is a look-up: the tables are read again after five quiet stretches only.
  expect(reads).toBe(2);
});
