import { expect, test } from "vitest";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { moveMachine } from "./move-machine.ts";

const launched = new Date("2024-11-12T18:00:10Z");
const draining = { state: "draining", bootingAt: launched } as const;

test("of a machine that nobody knows nothing is written", async () => {
  const fleet = new MemoryFleet();
  expect(await moveMachine(fleet, "gone", { type: "warmed" })).toEqual({ outcome: "missing" });
});

test("a machine is read under its lock, and what is set with its step is set in the same update", async () => {
  const fleet = new MemoryFleet().withMachine("mch", { state: "booting" }, { tokenHash: "t" });
  await moveMachine(fleet, "mch", { type: "session-opened" }, { tokenHash: null, sessionHash: "s" });
  expect(fleet.locks).toEqual(["machine:mch"]);
  expect(fleet.machines.get("mch")).toMatchObject({
    ...{ tokenHash: null, sessionHash: "s" },
    status: { state: "ready" },
  });
});

test.each([
  ["docker", 1],
  ["ec2", 60],
] as const)("of %s the first second is billed as %d", async (provider, seconds) => {
  const fleet = new MemoryFleet().withMachine("mch", draining, { provider, tokenHash: "t" });
  fleet.now = new Date(+fleet.now - 59_000);
  await moveMachine(fleet, "mch", { type: "terminated" });
  expect(fleet.told).toEqual([`cost mch ${seconds / 1000} 0`]);
  expect(fleet.woken).toEqual(["queued"]);
  expect(fleet.machines.get("mch")?.tokenHash).toBeNull();
});
