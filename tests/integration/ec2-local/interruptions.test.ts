import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clientSettings, withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";

const run = withLocalEc2();

async function launch(market: "spot" | "on-demand" = "spot"): Promise<string> {
  const made = await run.ec2.send(
    new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: run.local.imageId,
      InstanceType: "c7a.large",
      ...(market === "spot" ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
    }),
  );
  return made.Instances?.[0]?.InstanceId ?? "";
}

async function stateOf(id: string) {
  const found = await run.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = found.Reservations?.[0]?.Instances?.[0];
  return { state: instance?.State?.Name, reason: instance?.StateReason?.Code };
}

describe("An interruption", () => {
  let sqs: SQSClient;
  let queueUrl: string;

  beforeEach(async () => {
    sqs = new SQSClient(clientSettings(run.local));
    queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: "interruptions" }))).QueueUrl ?? "";
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
    );
    const events = new EventBridgeClient(clientSettings(run.local));
    const EventPattern = JSON.stringify({ source: ["aws.ec2"] });
    await events.send(new PutRuleCommand({ Name: "ec2", EventPattern }));
    await events.send(
      new PutTargetsCommand({ Rule: "ec2", Targets: [{ Id: "queue", Arn: Attributes?.QueueArn }] }),
    );
    events.destroy();
  });
  afterEach(() => sqs.destroy());

  const receive = async () => {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    return (Messages ?? []).map((one) => JSON.parse(one.Body ?? ""));
  };

  test("is told to the machine and by an event, and ends the instance after the notice", async () => {
    const onNotice = vi.fn();
    const stop = run.local.proxy.subscribe({ onNotice });
    const id = await launch();
    const before = Date.now();
    await run.local.proxy.interrupt(id, { noticeMs: 3_000 });
    expect(onNotice).toHaveBeenCalledExactlyOnceWith(id, {
      action: "terminate",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(Date.parse(onNotice.mock.calls[0]?.[1].time)).toBeGreaterThanOrEqual(before + 2_000);
    expect(await receive()).toMatchObject([
      {
        source: "aws.ec2",
        "detail-type": "EC2 Spot Instance Interruption Warning",
        detail: { "instance-id": id, "instance-action": "terminate" },
      },
    ]);
    await vi.waitFor(
      async () =>
        expect(await stateOf(id)).toEqual({ state: "terminated", reason: "Server.SpotInstanceTermination" }),
      { timeout: 20_000, interval: 200 },
    );
    expect(Date.now() - before).toBeGreaterThanOrEqual(3_000);
    stop();
  });

  test("leaves alone what was ended before its time, and is none of an on-demand instance", async () => {
    const id = await launch();
    await run.local.proxy.interrupt(id, { noticeMs: 500 });
    await run.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await stateOf(id)).reason).toBe("Client.UserInitiatedShutdown");
    const onDemand = await launch("on-demand");
    await expect(run.local.proxy.interrupt(onDemand, { noticeMs: 0 })).rejects.toMatchObject({
      code: "InvalidInstanceID.NotFound",
    });
  });

  test("may be preceded by a recommendation", async () => {
    const onRebalance = vi.fn();
    const stop = run.local.proxy.subscribe({ onRebalance });
    const id = await launch();
    await run.local.proxy.recommendRebalance(id);
    expect(onRebalance).toHaveBeenCalledExactlyOnceWith(id, expect.stringMatching(/Z$/));
    expect(await receive()).toMatchObject([
      { "detail-type": "EC2 Instance Rebalance Recommendation", detail: { "instance-id": id } },
    ]);
    stop();
  });
});

describe("A schedule", () => {
  let scheduler: SchedulerClient;
  beforeEach(async () => {
    scheduler = new SchedulerClient(clientSettings(run.local));
    await scheduler.send(new CreateScheduleGroupCommand({ Name: "machines" }));
  });
  afterEach(() => scheduler.destroy());

  const create = (instanceIds: string[], changes: Partial<CreateScheduleCommandInput> = {}) =>
    scheduler.send(
      new CreateScheduleCommand({
        Name: "end-machine-1",
        GroupName: "machines",
        ScheduleExpression: "at(2026-11-29T03:00:00)",
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Target: {
          Arn: "arn:aws:scheduler:::aws-sdk:ec2:terminateInstances",
          RoleArn: "arn:aws:iam::123456789012:role/end-machines",
          Input: JSON.stringify({ InstanceIds: instanceIds }),
        },
        ...changes,
      }),
    );
  const names = async () =>
    (await scheduler.send(new ListSchedulesCommand({ GroupName: "machines" }))).Schedules?.map(
      (one) => one.Name,
    );

  test("ends its instance at its time, not before, and is gone then", async () => {
    const id = await launch();
    await create([id]);
    expect(await run.local.proxy.fireSchedules(new Date("2026-11-29T02:59:59Z"))).toEqual([]);
    expect(await names()).toEqual(["end-machine-1"]);
    expect((await stateOf(id)).state).toBe("running");
    expect(await run.local.proxy.fireSchedules(new Date("2026-11-29T03:00:00Z"))).toEqual([
      { name: "end-machine-1", instanceIds: [id], failure: null },
    ]);
    await vi.waitFor(async () => expect((await stateOf(id)).state).toBe("terminated"), 20_000);
    expect(await names()).toEqual([]);
    expect(await run.local.proxy.fireSchedules(new Date("2026-11-29T03:00:01Z"))).toEqual([]);
  });

  test("that was deleted does not fire", async () => {
    const id = await launch();
    await create([id]);
    await scheduler.send(new DeleteScheduleCommand({ Name: "end-machine-1", GroupName: "machines" }));
    expect(await run.local.proxy.fireSchedules(new Date("2026-12-01T00:00:00Z"))).toEqual([]);
    expect((await stateOf(id)).state).toBe("running");
  });

  test("tells what its target refused", async () => {
    await create(["i-0123456789abcdef0"]);
    expect(await run.local.proxy.fireSchedules(new Date("2026-12-01T00:00:00Z"))).toMatchObject([
      { failure: "InvalidInstanceID.NotFound" },
    ]);
  });

  test("of nonsense is refused, and one that cannot be fired here is said", async () => {
    await expect(create([], { ScheduleExpression: "at(tomorrow)" })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await create([], {
      Target: { Arn: "arn:aws:sqs:us-east-1:123456789012:a", RoleArn: "arn:aws:iam::123456789012:role/a" },
    });
    await expect(run.local.proxy.fireSchedules(new Date("2026-12-01T00:00:00Z"))).rejects.toThrow(
      "end-machine-1 cannot be fired here",
    );
  });

  test("fires by the clock when it is told to", async () => {
    const id = await launch();
    await create([id], { ScheduleExpression: "at(2020-01-01T00:00:00)" });
    run.local.proxy.fireSchedulesEvery(100);
    await vi.waitFor(async () => expect((await stateOf(id)).state).toBe("terminated"), 20_000);
  });
});
