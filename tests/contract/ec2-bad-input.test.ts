import { CreateTagsCommand, DeleteTagsCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import type { Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import type { Ec2ProviderOptions } from "#infra/compute/ec2/ec2-provider.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { instanceTypes, localApi, localProvider } from "./support/ec2-machines.ts";

const fixture = withLocalEc2();
let api: Ec2Api;
let now: Date;
beforeEach(() => {
  api?.close();
  api = localApi(fixture.local);
  now = new Date("2024-11-12T18:00:00Z");
});
afterAll(() => api?.close());

const open = (changes: Partial<Ec2ProviderOptions> = {}) =>
  localProvider(fixture.local, api, { clock: () => now, ...changes });
const specOf = (machineId = "mch_1", userData: Partial<LaunchSpec["userData"]> = {}): LaunchSpec => ({
  ...{ installation: "ins_1", deployment: "fall", machineId },
  shape: { kind: "engine", cpus: 2, memoryMiB: 2048 },
  userData: {
    ...{ agentAddress: "https://gateway.example.edu", token: "t".repeat(43) },
    ...{ leaseUntil: "2024-11-12T19:00:00.000Z", ...userData },
  },
});
const living = async () => {
  const { Reservations } = await api.reading.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }],
    }),
  );
  return (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
};
const refuses = async (launch: Promise<unknown>, kind: string, trouble: string, words: RegExp) => {
  const error = await launch.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "LaunchError", kind, trouble });
  expect(String(error)).toMatch(words);
  expect(await living()).toEqual([]);
};
const denied = (action: string) => ({
  code: "UnauthorizedOperation",
  status: 403,
  message: `You are not authorized to perform this operation. User: arn:aws:iam::1:user/x is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
});

describe("what is wrong with an account is told apart, and nothing is made", () => {
  test("credentials that are not valid", async () => {
    fixture.local.proxy.faults.fail("*", { code: "AuthFailure", status: 401 });
    await refuses(open().launch(specOf()), "misconfigured", "credentials", /AWS_ACCESS_KEY_ID/);
  });
  test("a permission that is missing, by its name", async () => {
    fixture.local.proxy.faults.fail("CreateFleet", denied("ec2:CreateFleet"));
    await refuses(open().launch(specOf()), "misconfigured", "permission", /ec2:CreateFleet is missing/);
  });
  test("a clock that is wrong", async () => {
    fixture.local.proxy.faults.fail("CreateFleet", {
      code: "RequestExpired",
      message: "Request has expired.",
    });
    await refuses(open().launch(specOf()), "misconfigured", "clock", /clock/);
  });
  test("a launch template that is gone", async () => {
    const launch = open({ launchTemplate: "lt-0123456789abcdef0" }).launch(specOf());
    await refuses(launch, "misconfigured", "launch-template", /DRYDOCK_EC2_LAUNCH_TEMPLATE/);
  });
  test("an image that is gone", async () => {
    const gone: string[] = [];
    const launch = open({
      imageOf: () => "ami-0123456789abcdef0",
      onImageGone: (kind, image) => gone.push(`${kind} ${image}`),
    }).launch(specOf());
    await refuses(launch, "misconfigured", "image", /machine image/);
    // So that a newer one is looked for.
    expect(gone).toEqual(["engine ami-0123456789abcdef0"]);
  });
  test("a subnet that is gone", async () => {
    const launch = open({ subnets: ["subnet-0123456789abcdef0"] }).launch(specOf());
    await refuses(launch, "misconfigured", "network", /DRYDOCK_EC2_SUBNETS/);
  });
  test("a region without the types", async () => {
    const launch = open({ instanceTypes: ["quantum.large"] }).launch(specOf());
    await refuses(launch, "misconfigured", "instance-type", /us-east-1 has none of quantum.large/);
  });
  test("a machine that is larger than any type", async () => {
    const spec = specOf();
    const launch = open({ instanceTypes: [] }).launch({ ...spec, shape: { ...spec.shape, cpus: 96 } });
    await refuses(launch, "misconfigured", "instance-type", /no instance type with 96 processors/);
  });
  test("a quota of nothing", async () => {
    fixture.local.proxy.capacity.setQuota("spot", 0);
    await refuses(open().launch(specOf()), "quota", "quota", /L-34B43A08/);
  });
  test("user data that are too long, before EC2 is asked", async () => {
    const launch = open().launch(specOf("mch_1", { agentAddress: `https://${"x".repeat(17_000)}` }));
    await refuses(launch, "misconfigured", "user-data", /16384/);
    expect(fixture.local.proxy.calls.map(({ action }) => action)).not.toContain("CreateFleet");
  });
  test("throttling", async () => {
    fixture.local.proxy.faults.fail("CreateFleet", { code: "RequestLimitExceeded", status: 503 });
    await refuses(open().launch(specOf()), "throttled", "throttling", /RequestLimitExceeded/);
  });
  test("no capacity anywhere, which is not asked for again for three minutes", async () => {
    const { capacity } = fixture.local.proxy;
    const provider = open();
    capacity.set({}, 0);
    await refuses(provider.launch(specOf()), "insufficient-capacity", "capacity", /./);
    const asked = () => fixture.local.proxy.calls.filter(({ action }) => action === "CreateFleet").length;
    expect(asked()).toBe(1);
    await refuses(provider.launch(specOf("mch_2")), "insufficient-capacity", "capacity", /is to be had now/);
    expect(asked()).toBe(1);
    capacity.set({}, 99);
    now = new Date(+now + 180_000);
    expect(await provider.launch(specOf("mch_3"))).toMatchObject({ machineId: "mch_3" });
  });
});

describe("a machine is launched once", () => {
  test("where a type or zone has nothing, from one that has", async () => {
    const { capacity } = fixture.local.proxy;
    for (const type of instanceTypes.slice(0, 4)) capacity.set({ type }, 0);
    capacity.set({ zone: "us-east-1a" }, 0);
    const { offering } = await open().launch(specOf());
    expect(offering).toMatchObject({ type: instanceTypes[4], market: "spot" });
    expect(offering?.zone).not.toBe("us-east-1a");
  });

  test("with its tags, its user data and what the template says of metadata, volume and shutdown", async () => {
    const { instanceId } = await open().launch(specOf());
    const [instance] = await living();
    const tags = Object.fromEntries((instance?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(instance).toMatchObject({ InstanceId: instanceId, InstanceLifecycle: "spot" });
    expect(instance?.MetadataOptions).toMatchObject({ HttpTokens: "required", HttpPutResponseHopLimit: 1 });
    expect(tags).toMatchObject({
      [tagKeys.installation]: "ins_1",
      [tagKeys.machine]: "mch_1",
      [tagKeys.deployment]: "fall",
      [tagKeys.leaseUntil]: "2024-11-12T19:00:00.000Z",
    });
  });

  test("by a provider that answers after its time is over with a machine that exists", async () => {
    const provider = open();
    fixture.local.proxy.faults.slow("CreateFleet", 1_500, { when: "after" });
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 1_000);
    await expect(provider.launch(specOf(), ending.signal)).rejects.toThrow();
    expect(await provider.launch(specOf())).toMatchObject({ machineId: "mch_1" });
    expect(await living()).toHaveLength(1);
  });

  test("although it is not shown yet, neither to the one who asks twice", async () => {
    fixture.local.proxy.setDelays({ invisibleMs: 60_000, shuttingDownMs: 0 });
    const provider = open();
    const first = await provider.launch(specOf());
    const again = await provider.launch(specOf());
    expect(again.instanceId).toBe(first.instanceId);
  });

  test("by a process that was started anew, which asks for something else under the same name", async () => {
    fixture.local.proxy.faults.loseReply("CreateFleet");
    await expect(open().launch(specOf())).rejects.toThrow();
    const later = open({ instanceTypes: instanceTypes.slice(1) });
    expect(await later.launch(specOf())).toMatchObject({ machineId: "mch_1" });
    expect(await living()).toHaveLength(1);
  });

  test("where the API broke without saying whether it was made", async () => {
    fixture.local.proxy.faults.fail("CreateFleet", { code: "InternalError", status: 500 });
    const provider = open();
    const error = await provider.launch(specOf()).catch((reason: unknown) => reason);
    expect(error).not.toMatchObject({ name: "LaunchError" });
    expect(await provider.launch(specOf())).toMatchObject({ machineId: "mch_1" });
    expect(await living()).toHaveLength(1);
  });
});

describe("what is listed and ended", () => {
  test("is all of it, over many pages, and nothing where one of them fails", async () => {
    const provider = open();
    for (let i = 0; i < 7; i += 1) await provider.launch(specOf(`mch_${i}`));
    fixture.local.proxy.setLargestPage(3);
    expect((await provider.list("ins_1")).map(({ machineId }) => machineId).sort()).toEqual(
      Array.from({ length: 7 }, (_, i) => `mch_${i}`),
    );
    fixture.local.proxy.faults.fail("DescribeInstances", { code: "InvalidParameterValue" });
    await expect(provider.list("ins_1")).rejects.toThrow();
  });

  test("is ended although somebody removed its tags, by the name that its row has", async () => {
    const provider = open();
    const { instanceId } = await provider.launch(specOf());
    await api.reading.send(
      new DeleteTagsCommand({
        Resources: [instanceId],
        Tags: Object.values(tagKeys).map((Key) => ({ Key })),
      }),
    );
    expect(await provider.list("ins_1")).toEqual([]);
    await expect.poll(() => provider.terminate(instanceId)).toBe("gone");
    expect(await living()).toEqual([]);
  });

  test("is never another's, although people call it by the same name", async () => {
    const provider = open();
    const other = await provider.launch({ ...specOf("mch_9"), installation: "ins_other" });
    await api.reading.send(
      new CreateTagsCommand({ Resources: [other.instanceId], Tags: [{ Key: "Name", Value: "fall" }] }),
    );
    expect(await provider.list("ins_1")).toEqual([]);
    expect(await living()).toHaveLength(1);
  });

  test("ends the others of one call although one of them is unknown, and asks in bulk", async () => {
    const provider = open();
    const made = await Promise.all([1, 2, 3].map((i) => provider.launch(specOf(`mch_${i}`))));
    const ids = [...made.map(({ instanceId }) => instanceId), "i-0123456789abcdef0", "drydock-nobody"];
    const before = fixture.local.proxy.calls.length;
    const ended = await Promise.all(ids.map((id) => provider.terminate(id)));
    expect(ended.slice(3)).toEqual(["gone", "gone"]);
    for (const id of ids) await expect.poll(() => provider.terminate(id)).toBe("gone");
    expect(await living()).toEqual([]);
    expect(fixture.local.proxy.calls.length).toBeGreaterThan(before);
  });
});

describe("what a machine costs", () => {
  const at = (type: string, zone: string, price: number) =>
    fixture.local.proxy.prices.set({ type, zone }, price);
  test("is reserved at the dearest that it may be, and settled at the price of its own pool", async () => {
    const provider = open({ instanceTypes: instanceTypes.slice(0, 2) });
    at("c6a.large", "us-east-1b", 0.031);
    at("c7a.large", "us-east-1c", 0.075);
    expect(await provider.priceOf(specOf().shape, now)).toBeCloseTo(0.075 + 0.0068, 6);
    const offering = { type: "c6a.large", zone: "us-east-1b", market: "spot" as const };
    expect(await provider.settledPriceOf?.(offering)).toBeCloseTo(0.031 + 0.0068, 6);
  });

  test("is asked once for machines of every kind, whatever has no price", async () => {
    const provider = open({ instanceTypes: [] });
    const { shape } = specOf();
    const large = { ...shape, cpus: 4, memoryMiB: 8192 };
    for (let i = 0; i < 3; i += 1) for (const one of [shape, large]) await provider.priceOf(one, now);
    const asked = fixture.local.proxy.calls.filter(({ action }) => action === "DescribeSpotPriceHistory");
    expect(asked).toHaveLength(2);
  });
});
