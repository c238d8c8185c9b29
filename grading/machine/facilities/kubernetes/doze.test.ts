import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startDozing } from "./doze.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => vi.useRealTimers());

function sleeper(fail: Partial<Record<"freeze" | "thaw", Error>> = {}) {
  const done: string[] = [];
  const step = async (what: "freeze" | "thaw") => {
    done.push(what);
    const error = fail[what];
    if (error) throw error;
  };
  const seen: Date[] = [];
  return {
    done,
    seen,
    freeze: () => step("freeze"),
    thaw: () => step("thaw"),
    seenSince: async (instant: Date) => {
      seen.push(instant);
      done.push("seen");
    },
    onError: (error: unknown) => void done.push(String(error)),
  };
}

test("it never sleeps for as long as would cost it its nodes, and each time waits until they show that they live", async () => {
  const cluster = sleeper();
  const dozing = startDozing(cluster, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(18_500);
  expect(cluster.done).toEqual([
    ...["freeze", "thaw", "seen", "freeze", "thaw", "seen", "freeze", "thaw", "seen"],
    "freeze",
  ]);
  await dozing.wake();
});

test("woken in its sleep it thaws at once, and is awake when its nodes have been seen since", async () => {
  const cluster = sleeper();
  const dozing = startDozing(cluster, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(2_000);
  const at = Date.now();
  await dozing.wake();
  expect(cluster.done.slice(0, 3)).toEqual(["freeze", "thaw", "seen"]);
  expect(cluster.seen.at(-1)?.getTime()).toBe(at);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(cluster.done.filter((step) => step === "freeze")).toHaveLength(1);
});

test("a cluster that cannot be frozen is thawed, stays awake, and that is said once", async () => {
  const cluster = sleeper({ freeze: new Error("No freezer.") });
  const dozing = startDozing(cluster, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(cluster.done).toEqual(["freeze", "thaw", "Error: No freezer."]);
  await dozing.wake();
});
