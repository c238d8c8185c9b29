import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { InstanceEvent } from "#grading/machines/answering/instance-events.ts";
import { createInterruptionQueue } from "#infra/compute/ec2/interruption-queue.ts";
import { clientSettings, withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { localApi, localProvider } from "./support/ec2-machines.ts";

const fixture = withLocalEc2();
let sqs: SQSClient;
let queueUrl: string;
let queue: ReturnType<typeof createInterruptionQueue>;
const open = (address = queueUrl) => {
  const { region, endpoint, credentials } = fixture.local;
  return createInterruptionQueue({ region, endpoint, credentials, queueUrl: address, waitSeconds: 1 });
};
beforeEach(async () => {
  sqs = new SQSClient(clientSettings(fixture.local));
  const Attributes = { VisibilityTimeout: "2" };
  const made = await sqs.send(new CreateQueueCommand({ QueueName: "interruptions", Attributes }));
  queueUrl = made.QueueUrl ?? "";
  const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] });
  const Arn = (await sqs.send(asked)).Attributes?.QueueArn;
  const events = new EventBridgeClient(clientSettings(fixture.local));
  await events.send(
    new PutRuleCommand({ Name: "ec2", EventPattern: JSON.stringify({ source: ["aws.ec2"] }) }),
  );
  await events.send(new PutTargetsCommand({ Rule: "ec2", Targets: [{ Id: "queue", Arn }] }));
  events.destroy();
  queue = open();
});
afterEach(() => {
  queue.close();
  sqs.destroy();
});

const never = new AbortController().signal;
/** Asks until so many came, or none for three calls. */
async function receive(count: number): Promise<InstanceEvent[]> {
  const heard: InstanceEvent[] = [];
  for (let silent = 0; heard.length < count && silent < 3; silent += 1) {
    const some = await queue.receive(never);
    if (some.length > 0) silent = -1;
    heard.push(...some);
  }
  return heard;
}

test("EventBridge's events of an instance are heard, and again until they are done", async () => {
  const api = localApi(fixture.local);
  const { instanceId } = await localProvider(fixture.local, api).launch({
    ...{ installation: "ins_1", machineId: "mch_1", shape: { kind: "engine", cpus: 2, memoryMiB: 2048 } },
    userData: {
      ...{ agentAddress: "https://gateway.example.edu", token: "t".repeat(43) },
      leaseUntil: new Date(Date.now() + 600_000).toISOString(),
    },
  });
  api.close();
  const before = Date.now();
  await fixture.local.proxy.recommendRebalance(instanceId);
  await fixture.local.proxy.interrupt(instanceId, { noticeMs: 60_000 });
  const heard = await receive(2);
  const said = heard
    .map((event) => event.said)
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  expect(said).toEqual([
    { kind: "notice", instanceId, notice: { kind: "interruption", at: expect.any(String) } },
    { kind: "notice", instanceId, notice: { kind: "rebalance", at: expect.any(String) } },
  ]);
  const [first] = said;
  const at = first?.kind === "notice" ? Date.parse(first.notice.at) : 0;
  expect(at - before).toBeGreaterThan(115_000);
  expect(at - before).toBeLessThan(180_000);
  const [done, left] = heard;
  await done?.done();
  expect((await receive(1)).map((event) => event.said)).toEqual([left?.said]);
});

test("what is no event of an instance is told apart", async () => {
  const body = (detailType: string, more = {}) =>
    JSON.stringify({ "detail-type": detailType, time: "2026-11-29T03:00:00Z", ...more });
  for (const MessageBody of [
    "<xml>",
    "{}",
    body("EC2 Spot Instance Interruption Warning", { detail: { "instance-id": 7 } }),
    body("EC2 Instance State-change Notification"),
  ])
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  const kinds = (await receive(4)).map(({ said }) => said.kind);
  expect(kinds.sort()).toEqual(["other", "unreadable", "unreadable", "unreadable"]);
});

test("a queue that is not there, or may not be read, is said by what to do about it", async () => {
  const other = open(queueUrl.replace("interruptions", "no-such-queue"));
  await expect(other.receive(never)).rejects.toMatchObject({
    kind: "misconfigured",
    message: expect.stringContaining("Set DRYDOCK_EC2_INTERRUPTION_QUEUE"),
  });
  other.close();
  const message = "User: x is not authorized to perform: sqs:receivemessage on resource: y because z";
  fixture.local.proxy.faults.fail("ReceiveMessage", { code: "AccessDenied", status: 403, message });
  await expect(queue.receive(never)).rejects.toThrow("the permission sqs:receivemessage is missing");
});

test("asking ends when the worker stops", async () => {
  const stopping = new AbortController();
  const asked = queue.receive(stopping.signal);
  stopping.abort();
  await expect(asked).rejects.toThrow();
});
