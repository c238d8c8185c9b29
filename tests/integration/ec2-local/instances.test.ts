import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  paginateDescribeInstances,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test, vi } from "vitest";
import type { Ec2Hooks } from "#infra/compute/ec2-local/proxy/hooks.ts";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";

const run = withLocalEc2();

async function runInstances(changes: Partial<RunInstancesCommandInput> = {}): Promise<string[]> {
  const made = await run.ec2.send(
    new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: run.local.imageId,
      InstanceType: "c7a.large",
      SubnetId: run.local.network.subnets[0]?.id,
      InstanceMarketOptions: { MarketType: "spot" },
      InstanceInitiatedShutdownBehavior: "terminate",
      ...changes,
    }),
  );
  return (made.Instances ?? []).map((one) => one.InstanceId ?? "");
}

async function list(input: DescribeInstancesCommandInput = {}) {
  const found = await run.ec2.send(new DescribeInstancesCommand(input));
  return (found.Reservations ?? []).flatMap((one) => one.Instances ?? []);
}

const ids = async (input?: DescribeInstancesCommandInput) => (await list(input)).map((one) => one.InstanceId);

const terminate = (...InstanceIds: string[]) => run.ec2.send(new TerminateInstancesCommand({ InstanceIds }));

async function stateOf(id: string) {
  const [found] = await list({ InstanceIds: [id] });
  return { state: found?.State?.Name, reason: found?.StateReason?.Code };
}

describe("RunInstances", () => {
  test("under one token makes one instance, and refuses another request or one that has ended", async () => {
    const first = await runInstances({ ClientToken: "once" });
    expect(await runInstances({ ClientToken: "once" })).toEqual(first);
    await expect(runInstances({ ClientToken: "once", InstanceType: "m7a.large" })).rejects.toMatchObject({
      name: "IdempotentParameterMismatch",
    });
    await terminate(...first);
    await expect(runInstances({ ClientToken: "once" })).rejects.toMatchObject({
      name: "IdempotentInstanceTerminated",
    });
    expect(await ids({ Filters: [{ Name: "client-token", Values: ["once"] }] })).toEqual(first);
    await expect(runInstances({ ClientToken: "x".repeat(65) })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  test("takes 16,384 bytes of user data and not one more", async () => {
    const encoded = (size: number) => Buffer.alloc(size, "x").toString("base64");
    await runInstances({ UserData: encoded(16_384) });
    await expect(runInstances({ UserData: encoded(16_385) })).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: "User data is limited to 16384 bytes",
    });
    await expect(runInstances({ UserData: "not base64!" })).rejects.toMatchObject({
      name: "InvalidUserData.Malformed",
    });
    expect(await ids()).toHaveLength(1);
  });

  test("from a template is all that the template says", async () => {
    const [id] = await runInstances({
      LaunchTemplate: { LaunchTemplateId: run.local.launchTemplate.id },
      ImageId: undefined,
      InstanceInitiatedShutdownBehavior: undefined,
    });
    expect(await list()).toMatchObject([
      {
        InstanceId: id,
        ImageId: run.local.imageId,
        MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda" }],
      },
    ]);
  });

  test("makes as many as there are, at least what is asked for", async () => {
    run.local.proxy.capacity.set({}, 3);
    await expect(runInstances({ MinCount: 4, MaxCount: 5 })).rejects.toMatchObject({
      name: "InsufficientInstanceCapacity",
      $metadata: { httpStatusCode: 500 },
    });
    expect(await runInstances({ MinCount: 1, MaxCount: 5 })).toHaveLength(3);
  });

  test("does not tag a spot request where there is none", async () => {
    const TagSpecifications: RunInstancesCommandInput["TagSpecifications"] = [
      { ResourceType: "spot-instances-request", Tags: [{ Key: "a", Value: "b" }] },
    ];
    await expect(runInstances({ TagSpecifications, InstanceMarketOptions: undefined })).rejects.toMatchObject(
      {
        name: "InvalidParameterValue",
      },
    );
  });
});

describe("DescribeInstances", () => {
  test("pages by instance, also within a reservation, and each comes once", async () => {
    const all = await runInstances({ MinCount: 7, MaxCount: 7 });
    const pages: number[] = [];
    const seen: string[] = [];
    for await (const page of paginateDescribeInstances({ client: run.ec2 }, { MaxResults: 5 })) {
      const onPage = (page.Reservations ?? []).flatMap((one) => one.Instances ?? []);
      pages.push(onPage.length);
      seen.push(...onPage.map((one) => one.InstanceId ?? ""));
    }
    expect(pages).toEqual([5, 2]);
    expect(seen).toEqual(all);
  });

  test("goes on where it was when instances end between two pages", async () => {
    const all = await runInstances({ MinCount: 6, MaxCount: 6 });
    run.local.proxy.setLargestPage(2);
    const Filters = [{ Name: "instance-state-name", Values: ["running", "pending"] }];
    const first = await run.ec2.send(new DescribeInstancesCommand({ Filters }));
    await terminate(all[0] ?? "", all[1] ?? "");
    const second = await run.ec2.send(new DescribeInstancesCommand({ Filters, NextToken: first.NextToken }));
    expect(second.Reservations?.flatMap((one) => one.Instances ?? []).map((one) => one.InstanceId)).toEqual(
      all.slice(2, 4),
    );
  });

  test("filters by tag, lifecycle and state", async () => {
    const tag = (Value: string) => [{ ResourceType: "instance" as const, Tags: [{ Key: "who", Value }] }];
    const [spot] = await runInstances({ TagSpecifications: tag("ours") });
    const [onDemand] = await runInstances({
      TagSpecifications: tag("ours"),
      InstanceMarketOptions: undefined,
    });
    await runInstances({ TagSpecifications: tag("theirs") });
    const ours = { Name: "tag:who", Values: ["our*"] };
    expect(await ids({ Filters: [ours] })).toEqual([spot, onDemand]);
    expect(await ids({ Filters: [ours, { Name: "instance-lifecycle", Values: ["spot"] }] })).toEqual([spot]);
    await terminate(spot ?? "");
    expect(await ids({ Filters: [ours, { Name: "instance-state-name", Values: ["running"] }] })).toEqual([
      onDemand,
    ]);
  });

  test("does not show an instance before it is visible, and ending it does not find it", async () => {
    run.local.proxy.setDelays({ invisibleMs: 60_000 });
    const [id = ""] = await runInstances();
    expect(await ids()).toEqual([]);
    await expect(ids({ InstanceIds: [id] })).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    await expect(terminate(id)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    run.local.proxy.setDelays({ invisibleMs: 200 });
    const [soon] = await runInstances();
    await vi.waitFor(async () => expect(await ids()).toEqual([soon]), 10_000);
  });

  test("shows a forgotten instance no more", async () => {
    const [id = ""] = await runInstances();
    await terminate(id);
    run.local.proxy.forget(id);
    expect(await ids()).toEqual([]);
    await expect(terminate(id)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
  });
});

describe("An end", () => {
  test("goes through shutting-down, and says whose it was", async () => {
    run.local.proxy.setDelays({ shuttingDownMs: 1_500 });
    const [id = ""] = await runInstances();
    const answer = await terminate(id);
    expect(answer.TerminatingInstances).toMatchObject([
      { CurrentState: { Name: "shutting-down" }, PreviousState: { Name: "running" } },
    ]);
    expect(await stateOf(id)).toEqual({ state: "shutting-down", reason: "Client.UserInitiatedShutdown" });
    await vi.waitFor(async () => expect((await stateOf(id)).state).toBe("terminated"), {
      timeout: 20_000,
      interval: 200,
    });
    expect((await terminate(id)).TerminatingInstances).toMatchObject([
      { CurrentState: { Name: "terminated" }, PreviousState: { Name: "terminated" } },
    ]);
  });

  test("of an unknown id ends nothing of the same call", async () => {
    const [id = ""] = await runInstances();
    await expect(terminate(id, "i-0123456789abcdef0")).rejects.toMatchObject({
      name: "InvalidInstanceID.NotFound",
    });
    await expect(terminate(id, "nonsense")).rejects.toMatchObject({ name: "InvalidInstanceID.Malformed" });
    expect((await stateOf(id)).state).toBe("running");
  });

  test("by power-off terminates or stops, as it was launched", async () => {
    const [ends = ""] = await runInstances();
    await run.local.proxy.poweredOff(ends);
    expect((await stateOf(ends)).reason).toBe("Client.InstanceInitiatedShutdown");
    const [stops = ""] = await runInstances({
      InstanceInitiatedShutdownBehavior: "stop",
      InstanceMarketOptions: undefined,
    });
    await run.local.proxy.poweredOff(stops);
    expect(await stateOf(stops)).toEqual({ state: "stopped", reason: "Client.InstanceInitiatedShutdown" });
    await run.ec2.send(new StartInstancesCommand({ InstanceIds: [stops] }));
    expect((await stateOf(stops)).state).toBe("running");
  });

  test("and launch are told once to whoever runs the machines", async () => {
    const hooks = { onLaunch: vi.fn(), onTerminate: vi.fn() } satisfies Ec2Hooks;
    const stop = run.local.proxy.subscribe(hooks);
    const [id = ""] = await runInstances({
      UserData: Buffer.from("hello").toString("base64"),
      MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
    });
    await terminate(id);
    await terminate(id);
    expect(hooks.onLaunch).toHaveBeenCalledExactlyOnceWith({
      instanceId: id,
      imageId: run.local.imageId,
      type: "c7a.large",
      zone: "us-east-1a",
      market: "spot",
      subnetId: run.local.network.subnets[0]?.id,
      privateIp: expect.stringMatching(/^10\.20\./),
      userData: Buffer.from("hello"),
      tags: { a: "b" },
      metadata: { tokens: "required", hopLimit: 1 },
      shutdownBehaviour: "terminate",
    });
    expect(hooks.onTerminate).toHaveBeenCalledExactlyOnceWith(
      id,
      expect.objectContaining({ code: "Client.UserInitiatedShutdown" }),
    );
    stop();
    await runInstances();
    expect(hooks.onLaunch).toHaveBeenCalledOnce();
  });
});
