import {
  CreateFleetCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSpotPriceHistoryCommand,
  type DescribeSpotPriceHistoryCommandInput,
  EC2Client,
  GetSpotPlacementScoresCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { describe, expect, test } from "vitest";
import { clientSettings, withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";

const run = withLocalEc2();

const launch = (client = run.ec2) =>
  client.send(
    new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: run.local.imageId,
      InstanceType: "c7a.large",
      SubnetId: run.local.network.subnets[0]?.id,
      ClientToken: "once",
    }),
  );

async function countInstances() {
  const { Reservations } = await run.ec2.send(new DescribeInstancesCommand({}));
  return Reservations?.flatMap((one) => one.Instances ?? []).length;
}

describe("A call that is made to fail", () => {
  test("does so with its code and status as often as it was told, and does nothing", async () => {
    run.local.proxy.faults.fail("RunInstances", { code: "RequestLimitExceeded", status: 503 }, 2);
    for (let time = 0; time < 2; time += 1) {
      await expect(launch()).rejects.toMatchObject({
        name: "RequestLimitExceeded",
        $metadata: { httpStatusCode: 503 },
      });
    }
    expect(await countInstances()).toBe(0);
    await launch();
    expect(await countInstances()).toBe(1);
  });

  test("is told from another: credentials, permission, time", async () => {
    for (const [code, status] of [
      ["AuthFailure", 401],
      ["UnauthorizedOperation", 403],
      ["RequestExpired", 400],
    ] as const) {
      run.local.proxy.faults.fail("DescribeInstances", { code, status, message: `Said ${code}` });
      await expect(countInstances()).rejects.toMatchObject({
        name: code,
        message: `Said ${code}`,
        $metadata: { httpStatusCode: status },
      });
    }
  });

  test("of another service fails in that service's words", async () => {
    run.local.proxy.faults.fail("PutEvents", { code: "ThrottlingException", message: "Rate exceeded" });
    const events = new EventBridgeClient(clientSettings(run.local));
    const put = () =>
      events.send(new PutEventsCommand({ Entries: [{ Source: "a", DetailType: "b", Detail: "{}" }] }));
    await expect(put()).rejects.toMatchObject({ name: "ThrottlingException", message: "Rate exceeded" });
    expect((await put()).FailedEntryCount).toBe(0);
    run.local.proxy.faults.fail("CreateSchedule", { code: "ConflictException", status: 409 });
    const scheduler = new SchedulerClient(clientSettings(run.local));
    await expect(
      scheduler.send(
        new CreateScheduleCommand({
          Name: "a",
          ScheduleExpression: "at(2026-11-29T03:00:00)",
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: {
            Arn: "arn:aws:scheduler:::aws-sdk:ec2:terminateInstances",
            RoleArn: "arn:aws:iam::1:role/a",
          },
        }),
      ),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });
});

describe("A connection", () => {
  test("that breaks before the call leaves nothing behind", async () => {
    run.local.proxy.faults.loseRequest("RunInstances");
    await expect(launch()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await countInstances()).toBe(0);
  });

  test("that breaks before the answer leaves an instance, which its token finds again", async () => {
    run.local.proxy.faults.loseReply("RunInstances");
    await expect(launch()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await countInstances()).toBe(1);
    await launch();
    expect(await countInstances()).toBe(1);
  });

  test("that breaks is tried again by the SDK by itself, with the same token", async () => {
    const patient = new EC2Client({ ...clientSettings(run.local), maxAttempts: 3 });
    run.local.proxy.faults.loseReply("RunInstances", 2);
    await launch(patient);
    expect(run.local.proxy.calls.filter((one) => one.action === "RunInstances")).toHaveLength(3);
    expect(await countInstances()).toBe(1);
  });

  test("that is slow answers after its caller gave up, and the instance exists", async () => {
    run.local.proxy.faults.slow("RunInstances", 5_000);
    const given = AbortSignal.timeout(2_000);
    const call = new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: run.local.imageId,
      InstanceType: "c7a.large",
    });
    await expect(run.ec2.send(call, { abortSignal: given })).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(countInstances, { timeout: 10_000 }).toBe(1);
  });

  test("that is slow before the call holds only that call up", async () => {
    run.local.proxy.faults.slow("RunInstances", 3_000, { when: "before" });
    const slow = launch();
    expect(await countInstances()).toBe(0);
    await slow;
    expect(await countInstances()).toBe(1);
  });
});

describe("What moto cannot do", () => {
  test("is a failure with a name that is not tried again", async () => {
    const patient = new EC2Client({ ...clientSettings(run.local), maxAttempts: 3 });
    const asked = patient.send(new GetSpotPlacementScoresCommand({ TargetCapacity: 1 }));
    await expect(asked).rejects.toMatchObject({
      name: "LocalEc2Unsupported",
      message: expect.stringContaining("GetSpotPlacementScores"),
    });
    expect(run.local.proxy.calls.filter((one) => one.action === "GetSpotPlacementScores")).toHaveLength(1);
  });

  test("is said of a fleet that stays", async () => {
    const fleet = new CreateFleetCommand({
      Type: "maintain",
      LaunchTemplateConfigs: [],
      TargetCapacitySpecification: { TotalTargetCapacity: 1 },
    });
    await expect(run.ec2.send(fleet)).rejects.toMatchObject({ name: "LocalEc2Unsupported" });
  });

  test("leaves what it can: the newest Debian 13 is found", async () => {
    const { Images } = await run.ec2.send(
      new DescribeImagesCommand({
        Owners: ["136693071363"],
        Filters: [{ Name: "name", Values: ["debian-13-amd64-*"] }],
      }),
    );
    const [newest] = (Images ?? []).sort((a, b) =>
      (b.CreationDate ?? "").localeCompare(a.CreationDate ?? ""),
    );
    expect(newest).toMatchObject({ Architecture: "x86_64", RootDeviceName: "/dev/xvda" });
    expect(Images?.length).toBeGreaterThan(1);
  });
});

describe("Another service", () => {
  test("passes unchanged: a large file of S3 comes back as it was", async () => {
    const headers = { authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request" };
    const ask = (address: string, init: RequestInit = {}) =>
      fetch(new URL(address, run.local.endpoint), { ...init, headers });
    const file = Buffer.alloc(5_000_000, "submission");
    expect((await ask("/files", { method: "PUT" })).status).toBe(200);
    expect((await ask("/files/1", { method: "PUT", body: file })).status).toBe(200);
    expect(Buffer.from(await (await ask("/files/1")).arrayBuffer()).equals(file)).toBe(true);
    run.local.proxy.faults.fail("PUT /files/1", { code: "SlowDown", status: 503 });
    expect((await ask("/files/1", { method: "PUT", body: file })).status).toBe(503);
  });
});

describe("Spot prices", () => {
  const history = (input: DescribeSpotPriceHistoryCommandInput) =>
    run.ec2.send(new DescribeSpotPriceHistoryCommand(input));
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);

  test("are told by type and zone with the price in force at the start", async () => {
    const { prices } = run.local.proxy;
    prices.set({ type: "c7a.large", zone: "us-east-1a" }, 0.031, ago(48));
    prices.set({ type: "c7a.large", zone: "us-east-1a" }, 0.032, ago(5));
    prices.set({ type: "c7a.large", zone: "us-east-1a" }, 0.033, ago(1));
    prices.set({ type: "c7a.large", zone: "us-east-1b" }, 0.05, ago(9));
    prices.set({ type: "m7a.large", zone: "us-east-1a" }, 0.07, ago(9));
    const told = await history({
      InstanceTypes: ["c7a.large"],
      AvailabilityZone: "us-east-1a",
      ProductDescriptions: ["Linux/UNIX"],
      StartTime: ago(2),
    });
    expect(told.SpotPriceHistory?.map((one) => one.SpotPrice)).toEqual(["0.033000", "0.032000"]);
    const now = await history({ InstanceTypes: ["c7a.large", "m7a.large"], StartTime: new Date() });
    expect(now.SpotPriceHistory).toHaveLength(6);
    expect(now.SpotPriceHistory?.find((one) => one.AvailabilityZone === "us-east-1b")?.SpotPrice).toBe(
      "0.050000",
    );
    expect((await history({ ProductDescriptions: ["Windows"] })).SpotPriceHistory).toEqual([]);
  });

  test("come in pages", async () => {
    run.local.proxy.prices.set({ type: "c7a.large", zone: "us-east-1a" }, 0.03, ago(5));
    const first = await history({ InstanceTypes: ["c7a.large"], MaxResults: 2 });
    const second = await history({
      InstanceTypes: ["c7a.large"],
      MaxResults: 2,
      NextToken: first.NextToken,
    });
    expect([first.SpotPriceHistory?.length, second.SpotPriceHistory?.length]).toEqual([2, 1]);
    expect(second.NextToken ?? "").toBe("");
  });
});
