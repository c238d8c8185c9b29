import { expect, test } from "vitest";
import { createHashGate } from "./hash-gate.ts";

/** Work that ends when it is told to. */
function openWork() {
  const open: (() => void)[] = [];
  let most = 0;
  const work = () =>
    new Promise<string>((resolve) => {
      open.push(() => resolve("done"));
      most = Math.max(most, open.length);
    });
  return { work, open, most: () => most };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("hash flood: a few are worked on, a few wait, and the rest is told when to come again", async () => {
  const gate = createHashGate({ atOnce: 2, waiting: 3 });
  const { work, open, most } = openWork();
  const asked = Array.from({ length: 20 }, () => gate(work));
  const outcomes = Promise.allSettled(asked);
  for (let i = 0; i < 5; i += 1) {
    await settle();
    open.shift()?.();
  }
  const refused = (await outcomes).filter((one) => one.status === "rejected");
  expect(most()).toBe(2);
  expect(refused).toHaveLength(15);
  expect(refused[0]?.reason).toMatchObject({ statusCode: 503, headers: { "Retry-After": "5" } });
});

test("work that fails gives its place on", async () => {
  const gate = createHashGate({ atOnce: 1, waiting: 1 });
  const failing = gate(() => Promise.reject(new Error("no")));
  const next = gate(() => Promise.resolve("yes"));
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("yes");
  expect(await gate(() => Promise.resolve("again"))).toBe("again");
});
