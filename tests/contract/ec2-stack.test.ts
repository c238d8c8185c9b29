import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployStack } from "#infra/aws/stack/deploy-stack.ts";
import { openStack } from "#infra/aws/stack/stack-api.ts";
import type { StackOutputs } from "#infra/aws/stack-outputs.ts";
import { parseSettings } from "#infra/aws/stack-settings.ts";
import { synthesize } from "#infra/aws/synthesize.ts";
import { workerSettings } from "#infra/aws/worker-settings.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { createEc2Provider } from "#infra/compute/ec2/ec2-provider.ts";
import { createInterruptionQueue } from "#infra/compute/ec2/interruption-queue.ts";
import type { LocalEc2 } from "#infra/compute/ec2-local/local-ec2.ts";
import { loadConfig } from "#infra/config/config.ts";
import { clientSettings, openLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { inputOfTest } from "../integration/aws/support/stack-of-test.ts";
import { localApi } from "./support/ec2-machines.ts";

let local: LocalEc2;
beforeAll(async () => {
  local = await openLocalEc2();
});
afterAll(() => local.close());

async function deploy(installation: string): Promise<StackOutputs> {
  const { endpoint, region, credentials } = clientSettings(local);
  const stack = await openStack("drydock-test", {
    ...{ endpoint, region, credentials },
    wait: { everyMs: 100, atMostMs: 60_000 },
  });
  const template = synthesize(parseSettings({ ...inputOfTest, installation }));
  const { outcome, outputs } = await deployStack(stack, { template, tags: [] });
  stack.client.destroy();
  expect(outcome).toBe("created");
  return outputs;
}

test("a worker with the settings that a deployed stack names launches a machine in it and ends it", async () => {
  const installation = "ins_stack";
  const outputs = await deploy(installation);
  const { ec2, bucket, fleetMax } = loadConfig({
    ...workerSettings(outputs, local.region),
    DRYDOCK_GATEWAY_LISTEN: "0.0.0.0:8443",
    DRYDOCK_GATEWAY_URL: "https://drydock.example.edu",
  });
  if (ec2 === null) throw new Error("The settings name another provider.");
  expect([ec2.launchTemplate, fleetMax, bucket?.bucket]).toEqual([
    outputs.LaunchTemplateId,
    outputs.FleetMax,
    outputs.BucketName,
  ]);

  expect(ec2.schedules).toEqual({
    group: outputs.ScheduleGroupName,
    roleArn: outputs.SchedulerRoleArn,
    deadLetterArn: outputs.ScheduleDeadLetterArn,
  });

  const api = localApi(local);
  const provider = createEc2Provider({
    ...{ ...ec2, api, imageOf: () => local.imageId, besidesUsdPerHour: 0.0068, clock: systemClock },
  });
  const machine = await provider.launch({
    ...{ installation, machineId: "mch_stack", shape: { kind: "engine", cpus: 2, memoryMiB: 2048 } },
    userData: {
      agentAddress: "https://drydock.example.edu",
      token: "t".repeat(32),
      leaseUntil: new Date(systemClock().getTime() + 600_000).toISOString(),
    },
  });
  expect(outputs.InstanceTypes).toContain(machine.offering?.type);
  expect((await provider.list(installation)).map(({ machineId }) => machineId)).toEqual(["mch_stack"]);
  // What the stack's rule would put into its queue: with it moto answers no event that is put.
  const QueueUrl = ec2.interruptionQueue ?? "";
  const MessageBody = JSON.stringify({
    ...{ "detail-type": "EC2 Instance Rebalance Recommendation", time: "2026-11-29T03:00:00Z" },
    detail: { "instance-id": machine.instanceId },
  });
  const sqs = new SQSClient(clientSettings(local));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  sqs.destroy();
  const { endpoint, region, credentials } = clientSettings(local);
  const queue = createInterruptionQueue({ endpoint, region, credentials, queueUrl: QueueUrl });
  const heard = await queue.receive(new AbortController().signal);
  expect(heard.map(({ said }) => said)).toMatchObject([
    { kind: "notice", instanceId: machine.instanceId, notice: { kind: "rebalance" } },
  ]);
  queue.close();
  await expect.poll(() => provider.terminate(machine.instanceId)).toBe("gone");
  api.close();
});
