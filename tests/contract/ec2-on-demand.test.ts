import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import type { Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import { openFleetBench } from "#tests/integration/runs/fleet-bench.ts";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { instanceTypes, localApi, localProvider } from "./support/ec2-machines.ts";

const fixture = withLocalEc2();
const now = new Date("2024-11-12T18:00:00Z");
let api: Ec2Api;
beforeAll(() => {
  api = localApi(fixture.local);
});
afterAll(() => api?.close());
beforeEach(() => fixture.local.proxy.capacity.set({ market: "spot" }, 0));

const open = (types = instanceTypes) =>
  localProvider(fixture.local, api, { clock: () => now, instanceTypes: types });
const specOf = (shape: Partial<LaunchSpec["shape"]> = {}): LaunchSpec => ({
  ...{ installation: "ins_1", deployment: "fall", machineId: "mch_1" },
  shape: { kind: "engine", cpus: 2, memoryMiB: 2048, ...shape },
  userData: {
    ...{ agentAddress: "https://gateway.example.edu", token: "t".repeat(43) },
    leaseUntil: "2024-11-12T19:00:00.000Z",
  },
});
const besides = 0.0068;

describe("where spot has no instance", () => {
  test("one is had on demand by who wishes so, also of the same machine under a token of its own", async () => {
    const provider = open();
    await expect(provider.launch(specOf())).rejects.toMatchObject({ kind: "insufficient-capacity" });
    const { instanceId, offering } = await provider.launch(specOf({ market: "on-demand" }));
    expect(offering).toMatchObject({ market: "on-demand" });
    expect(await provider.launch(specOf({ market: "on-demand" }))).toMatchObject({ instanceId });
    expect(await provider.list("ins_1")).toMatchObject([{ instanceId, offering: { market: "on-demand" } }]);
  });

  test("it is reserved at the dearest of its types, and settled at that of its own, from the price list", async () => {
    const provider = open(["c6a.large", "c7a.large"]);
    fixture.local.proxy.onDemandPrices.set("c6a.large", 0.0765);
    fixture.local.proxy.onDemandPrices.set("c7a.large", 0.10264);
    const shape = specOf({ market: "on-demand" }).shape;
    expect(await provider.priceOf(shape, now)).toBeCloseTo(0.10264 + besides, 6);
    const offering = { type: "c6a.large", zone: "us-east-1b", market: "on-demand" as const };
    expect(await provider.settledPriceOf?.(offering)).toBeCloseTo(0.0765 + besides, 6);
    // Once for each type, however often it is asked.
    const asked = fixture.local.proxy.calls.filter(({ action }) => action === "GetProducts");
    expect(asked).toHaveLength(2);
  });

  test("nothing is launched on demand whose price nobody knows", async () => {
    fixture.local.proxy.onDemandPrices.set("c6a.large", null);
    const shape = specOf({ market: "on-demand" }).shape;
    await expect(open(["c6a.large"]).priceOf(shape, now)).rejects.toMatchObject({
      ...{ name: "LaunchError", kind: "insufficient-capacity" },
      message: expect.stringContaining("no on-demand price"),
    });
    fixture.local.proxy.faults.fail("GetProducts", {
      code: "AccessDeniedException",
      message:
        "User: arn:aws:iam::1:user/x is not authorized to perform: pricing:GetProducts because no identity-based policy allows the pricing:GetProducts action",
    });
    await expect(open(["c7a.large"]).priceOf(shape, now)).rejects.toMatchObject({
      ...{ kind: "misconfigured", trouble: "permission" },
      message: expect.stringContaining("pricing:GetProducts"),
    });
  });

  test("a quota of on-demand is told apart from one of spot", async () => {
    fixture.local.proxy.capacity.setQuota("on-demand", 1);
    await expect(open().launch(specOf({ market: "on-demand" }))).rejects.toMatchObject({
      ...{ kind: "quota", message: expect.stringContaining("L-1216C47A") },
    });
  });
});

test("a run whose deadline is near is graded by an on-demand instance at its price, one whose is far waits for spot", async () => {
  const bench = await openFleetBench({ fleetMax: 4 });
  try {
    const provider = localProvider(fixture.local, api, { clock: bench.now, instanceTypes: ["c6a.large"] });
    fixture.local.proxy.onDemandPrices.set("c6a.large", 0.0765);
    const starter = bench.starterOf(provider, { onDemandAllowed: () => true });
    const due = async (minutes: number) => {
      const dueAt = new Date(bench.now().getTime() + minutes * 60_000);
      return (await bench.submit({ dueAt })).runId;
    };
    const near = await due(5);
    const far = await due(600);
    expect(await starter.start(far)).toMatchObject({ outcome: "no-machine", kind: "insufficient-capacity" });
    expect(await starter.start(far)).toMatchObject({ outcome: "waiting" });
    expect(await starter.start(near)).toMatchObject({ outcome: "started" });
    const [machine] = await bench.db.machine.findMany({ where: { runId: near } });
    expect(machine).toMatchObject({ provider: "ec2", market: "on-demand", instanceType: "c6a.large" });
    expect(Number(machine?.usdPerHour)).toBeCloseTo(0.0765 + besides, 6);
    expect(await bench.run(far)).toMatchObject({ state: "queued" });
  } finally {
    await bench.close();
  }
});
