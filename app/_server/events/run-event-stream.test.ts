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
    run: { findUniqueOrThrow: async () => ({ state: "running" }) },
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

/** A run that waits, with nothing new at any look. */
function openQuiet(over: { position?: () => number; read?: () => Promise<never[]> } = {}) {
  const looked = { events: 0, state: 0 };
  const estimate = { outcome: "no-estimate" as const, why: "None." };
  const db = {
    runEvent: {
      findMany: async () => {
        looked.events += 1;
        return (await over.read?.()) ?? [];
      },
    },
    run: {
      findUniqueOrThrow: async () => {
        looked.state += 1;
        return { state: "queued" };
      },
    },
  } as unknown as Db;
  const { position } = over;
  const place = () =>
    position ? { position: position(), superseded: false, waitsFor: null, estimate } : null;
  const messages = runEventMessages({
    ...{ db, runId: "run_1", after: 0n, signal: new AbortController().signal, mayStill: async () => true },
    hub: {
      subscribe: async () => ({ next: async () => "quiet" as const, close: () => undefined }),
      close: () => undefined,
    },
    places: { lately: async () => place() },
    clock: () => new Date(0),
  });
  return { looked, next: async () => (await messages.next()).value as string };
}

test("a reader whose run waits is told its place when it is another one, and signs of life in between", async () => {
  let position = 3;
  const { next } = openQuiet({ position: () => position });
  expect(await next()).toContain("retry");
  expect(await next()).toMatch(/^event: place\ndata: {"position":3,/);
  position = 2;
  expect(await next()).toMatch(/^event: place\ndata: {"position":2,/);
  expect(await next()).toBe("event: beat\ndata: {}\n\n");
});

test("a sign of life says that the run could be read just before, and none comes while it cannot", async () => {
  let answer: (rows: never[]) => void = () => undefined;
  let frozen = false;
  const { looked, next } = openQuiet({
    read: () => (frozen ? new Promise((resolve) => (answer = resolve)) : Promise.resolve([])),
  });
  await next();
  for (let beats = 1; beats <= 12; beats++) {
    expect(await next()).toContain("event: beat");
    expect(looked.events).toBe(beats);
  }
  // The run's own state is looked at first, and with every fifth look.
  expect(looked.state).toBe(3);
  frozen = true;
  let came = false;
  const beat = next().then(() => {
    came = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(came).toBe(false);
  answer([]);
  await beat;
});
