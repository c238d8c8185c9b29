import { expect, test } from "vitest";
import type { Db } from "#infra/db/client.ts";
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
  stream.pass(15_000);
  expect(await stream.read()).toBeUndefined();
});

test("whether the reader may still see the run is asked every fifteen seconds, not with every line", async () => {
  let asked = 0;
  const stream = openStream(async () => {
    asked += 1;
    return true;
  });
  for (let i = 0; i < 50; i++) await stream.read();
  expect(asked).toBe(0);
  stream.pass(15_000);
  for (let i = 0; i < 50; i++) expect(await stream.read()).toBeDefined();
  expect(asked).toBe(1);
  // A clock that was put back does not put the question off.
  stream.pass(-3_600_000);
  await stream.read();
  expect(asked).toBe(2);
});
