import { beforeEach, describe, expect, test, vi } from "vitest";
import { createRunEventHub, type RunEventHub } from "./run-event-hub.ts";

const long = 60_000;
let wake: (runId: string) => void;
let reconnected: () => void;
let opened: number;
let hub: RunEventHub;

beforeEach(() => {
  opened = 0;
  hub = createRunEventHub(async (onRun, onReconnect) => {
    opened += 1;
    wake = onRun;
    reconnected = onReconnect;
    return { close: async () => undefined };
  });
});

describe("a subscription", () => {
  test("hears of its own run and of no other", async () => {
    const mine = await hub.subscribe("mine");
    const other = await hub.subscribe("other");
    wake("mine");
    expect(await mine.next(long)).toBe("changed");
    expect(await other.next(0)).toBe("quiet");
  });

  test("remembers a change that came while nobody waited, once however many came", async () => {
    const reader = await hub.subscribe("run");
    for (let i = 0; i < 1000; i += 1) wake("run");
    expect(await reader.next(long)).toBe("changed");
    expect(await reader.next(0)).toBe("quiet");
  });

  test("is stirred from waiting by a change, by a reconnect and by its end", async () => {
    const reader = await hub.subscribe("run");
    for (const [stir, what] of [
      [() => wake("run"), "changed"],
      [() => reconnected(), "changed"],
      [() => reader.close(), "closed"],
    ] as const) {
      const next = reader.next(long);
      stir();
      expect(await next).toBe(what);
    }
    wake("run");
    expect(await reader.next(long)).toBe("closed");
  });
});

test("all readers share one connection, opened with the first", async () => {
  expect(opened).toBe(0);
  await Promise.all([hub.subscribe("a"), hub.subscribe("b"), hub.subscribe("b")]);
  expect(opened).toBe(1);
});

test("a connection that could not be opened is tried again by the next reader", async () => {
  const open = vi
    .fn()
    .mockRejectedValueOnce(new Error("refused"))
    .mockResolvedValueOnce({ close: async () => undefined });
  const flaky = createRunEventHub(open);
  await expect(flaky.subscribe("run")).rejects.toThrow("refused");
  await expect(flaky.subscribe("run")).resolves.toBeDefined();
});

test("a hub that closes ends every subscription, those to come included", async () => {
  const long = 60_000;
  const waiting = [await hub.subscribe("a"), await hub.subscribe("b")].map((reader) => reader.next(long));
  hub.close();
  expect(await Promise.all(waiting)).toEqual(["closed", "closed"]);
  expect(await (await hub.subscribe("a")).next(long)).toBe("closed");
});
