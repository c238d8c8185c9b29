import { describe, expect, it } from "vitest";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import { createFakeProvider } from "#infra/compute/fake/fake-provider.ts";
import { describeProvider } from "./support/provider-contract.ts";

function startFake() {
  let now = Date.parse("2024-10-31T12:00:00Z");
  const clock = () => new Date(now);
  const provider = createFakeProvider({ clock });
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { provider, clock, pass };
}

describeProvider("fake", async () => {
  const { provider, clock, pass } = startFake();
  const installation = "test";
  return {
    provider,
    installation,
    now: clock,
    agentAddress: "unix:/run/drydock/gateway/agent.sock",
    async loseReply(spec) {
      provider.failLaunches("lost-reply");
      await expect(provider.launch(spec)).rejects.toMatchObject({ kind: "throttled" });
    },
    misconfigured() {
      provider.failLaunches("misconfigured");
      return provider;
    },
    passLease: async () => pass(5000),
    leftovers: async () => (await provider.list(installation)).map((machine) => machine.instanceId),
    close: async () => {},
  };
});

describe("the fake provider fails on demand", () => {
  const spec: LaunchSpec = {
    installation: "test",
    machineId: "clu-1",
    shape: { kind: "engine", cpus: 2, memoryMiB: 2048 },
    userData: { agentAddress: "unix:/a.sock", token: "t".repeat(20), leaseUntil: "2024-10-31T13:00:00Z" },
  };

  it("fails launches in the order asked for, then launches again", async () => {
    const { provider } = startFake();
    provider.failLaunches("insufficient-capacity", "throttled");
    await expect(provider.launch(spec)).rejects.toMatchObject({ kind: "insufficient-capacity" });
    await expect(provider.launch(spec)).rejects.toMatchObject({ kind: "throttled" });
    expect(await provider.list("test")).toEqual([]);
    expect(await provider.launch(spec)).toMatchObject({ state: "running" });
    expect(provider.launches).toHaveLength(3);
  });

  it("keeps a slow machine pending until its clock has come that far", async () => {
    const { provider, pass } = startFake();
    provider.bootFor(30_000);
    expect(await provider.launch(spec)).toMatchObject({ state: "pending" });
    pass(29_999);
    expect(await provider.list("test")).toMatchObject([{ state: "pending" }]);
    pass(1);
    expect(await provider.list("test")).toMatchObject([{ state: "running" }]);
  });

  it("lists an interrupted machine as gone until it is terminated", async () => {
    const { provider } = startFake();
    const { instanceId } = await provider.launch(spec);
    provider.interrupt(instanceId);
    expect(await provider.list("test")).toMatchObject([{ instanceId, state: "gone" }]);
    await provider.terminate(instanceId);
    expect(await provider.list("test")).toEqual([]);
  });

  it("throttles as many calls as asked for", async () => {
    const { provider } = startFake();
    const { instanceId } = await provider.launch(spec);
    provider.throttle("terminate", 1);
    await expect(provider.terminate(instanceId)).rejects.toThrow("throttles terminate");
    await provider.terminate(instanceId);
    provider.throttle("list", 1);
    await expect(provider.list("test")).rejects.toThrow("throttles list");
    expect(await provider.list("test")).toEqual([]);
  });
});
