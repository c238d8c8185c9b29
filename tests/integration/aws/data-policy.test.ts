import { expect, test } from "vitest";
import { synthesize } from "#infra/aws/synthesize.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { type Ask, askIam, ec2, ec2Public } from "./support/ask-iam.ts";
import { account, fillIn, policiesNamed, region } from "./support/fill-in.ts";
import { installation, type StackTemplate, settingsOfTest } from "./support/stack-of-test.ts";

const template = JSON.parse(synthesize(settingsOfTest)) as StackTemplate;
const say = (output: string) => String(fillIn(template, template.Outputs[output]?.Value));
const controller = [...policiesNamed(template, "LaunchPolicy"), ...policiesNamed(template, "DataPolicy")];
const may = (action: string, resource: string, context: Ask["context"] = {}) =>
  askIam(controller, { action, resource, context });
const refused = "ImplicitlyDenied";

test("the scheduler's role goes to the scheduler, and no other role to anybody", async () => {
  const pass = (role: string, service: string) =>
    may("iam:PassRole", role, { "iam:PassedToService": service });
  const role = say("SchedulerRoleArn");
  await expect(pass(role, "scheduler.amazonaws.com")).resolves.toBe("Allowed");
  await expect(pass(role, "ec2.amazonaws.com")).resolves.toBe(refused);
  await expect(pass(role, "lambda.amazonaws.com")).resolves.toBe(refused);
  await expect(pass(`arn:aws:iam::${account}:role/admin`, "scheduler.amazonaws.com")).resolves.toBe(refused);
});

test("schedules are made and removed in our group alone", async () => {
  const schedule = (group: string) => `arn:aws:scheduler:${region}:${account}:schedule/${group}/mac_1`;
  for (const action of ["CreateSchedule", "DeleteSchedule", "GetSchedule"]) {
    await expect(may(`scheduler:${action}`, schedule(say("ScheduleGroupName")))).resolves.toBe("Allowed");
    await expect(may(`scheduler:${action}`, schedule("default"))).resolves.toBe(refused);
  }
  await expect(may("scheduler:UpdateSchedule", schedule(say("ScheduleGroupName")))).resolves.toBe(refused);
});

test("the schedules' role and the reaper's end instances with our tag and no others", async () => {
  const instance = ec2("instance/i-0123456789abcdef0");
  for (const name of ["SchedulesPolicy", "ReaperPolicy"]) {
    const ask = (context: Ask["context"] = {}) =>
      askIam(policiesNamed(template, name), {
        action: "ec2:TerminateInstances",
        resource: instance,
        context,
      });
    const tag = `aws:ResourceTag/${tagKeys.installation}`;
    await expect(ask({ [tag]: installation })).resolves.toBe("Allowed");
    await expect(ask({ [tag]: "ins_of_others" })).resolves.toBe(refused);
    await expect(ask()).resolves.toBe(refused);
  }
});

test("files are read and written in our bucket, whose rules the controller cannot change", async () => {
  const bucket = `arn:aws:s3:::${say("BucketName")}`;
  for (const action of ["GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload"]) {
    await expect(may(`s3:${action}`, `${bucket}/submissions/1`)).resolves.toBe("Allowed");
    await expect(may(`s3:${action}`, "arn:aws:s3:::of-others/submissions/1")).resolves.toBe(refused);
  }
  await expect(may("s3:ListBucket", bucket)).resolves.toBe("Allowed");
  for (const action of [
    "PutBucketPolicy",
    "DeleteBucket",
    "PutBucketPublicAccessBlock",
    "PutLifecycleConfiguration",
  ])
    await expect(may(`s3:${action}`, bucket)).resolves.toBe(refused);
});

test("the network lets our bucket pass, even with a link that somebody else signed", async () => {
  const endpoints = Object.values(template.Resources).filter(({ Type }) => Type === "AWS::EC2::VPCEndpoint");
  const endpoint = fillIn(template, endpoints[0]?.Properties.PolicyDocument) as object;
  const everything = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
  };
  const through = (action: string, resource: string) => askIam([everything], { action, resource }, endpoint);
  const ours = `arn:aws:s3:::${say("BucketName")}/x`;
  await expect(through("s3:GetObject", ours)).resolves.toBe("Allowed");
  await expect(through("s3:PutObject", ours)).resolves.toBe("Allowed");
  await expect(through("s3:DeleteObject", ours)).resolves.toBe(refused);
  await expect(through("s3:PutObject", "arn:aws:s3:::of-a-student/x")).resolves.toBe(refused);
});

test("notices are taken from our queue, and nobody's are forged by the controller", async () => {
  const queues = Object.entries(template.Resources).filter(([, { Type }]) => Type === "AWS::SQS::Queue");
  const main = queues.find(([, { Properties }]) => Properties.RedrivePolicy !== undefined)?.[0] ?? "";
  const arn = `arn:aws:sqs:${region}:${account}:${main}`;
  await expect(may("sqs:ReceiveMessage", arn)).resolves.toBe("Allowed");
  await expect(may("sqs:DeleteMessage", arn)).resolves.toBe("Allowed");
  await expect(may("sqs:SendMessage", arn)).resolves.toBe(refused);
  await expect(may("sqs:ReceiveMessage", `arn:aws:sqs:${region}:${account}:of-others`)).resolves.toBe(
    refused,
  );
});

test("the controller can change no stack, template, group or role", async () => {
  const own = "arn:aws:cloudformation:us-east-1:111122223333:stack/drydock-fall-2026/0001";
  await expect(may("cloudformation:DescribeStacks", own)).resolves.toBe("Allowed");
  await expect(may("cloudformation:UpdateStack", own)).resolves.toBe(refused);
  await expect(
    may("ec2:CreateLaunchTemplateVersion", ec2(`launch-template/${say("LaunchTemplateId")}`)),
  ).resolves.toBe(refused);
  await expect(
    may("ec2:AuthorizeSecurityGroupEgress", ec2(`security-group/${say("SecurityGroupId")}`)),
  ).resolves.toBe(refused);
  await expect(may("iam:PutRolePolicy", `arn:aws:iam::${account}:role/admin`)).resolves.toBe(refused);
});

test("who makes images launches Debian in the builder's network, and removes only images with our tag", async () => {
  const images = policiesNamed(template, "ImagesPolicy");
  const ask = (action: string, resource: string, context: Ask["context"] = {}) =>
    askIam(images, { action, resource, context });
  const tag = { [`aws:RequestTag/${tagKeys.installation}`]: installation };
  const ours = { [`aws:ResourceTag/${tagKeys.installation}`]: installation };
  const image = ec2Public("image/ami-0123456789abcdef0");
  const run = (context: Ask["context"]) =>
    ask("ec2:RunInstances", ec2("instance/*"), {
      ...tag,
      [`aws:RequestTag/${tagKeys.leaseUntil}`]: "2026-11-29T04:00:00.000Z",
      "ec2:InstanceType": "c7a.large",
      "ec2:MetadataHttpTokens": "required",
      ...context,
    });
  await expect(run({})).resolves.toBe("Allowed");
  await expect(run({ "ec2:MetadataHttpTokens": "optional" })).resolves.toBe(refused);
  await expect(run({ "ec2:InstanceProfile": "arn:aws:iam::111122223333:instance-profile/x" })).resolves.toBe(
    refused,
  );
  await expect(ask("ec2:RunInstances", image, { "ec2:Owner": "136693071363" })).resolves.toBe("Allowed");
  await expect(ask("ec2:RunInstances", image, { "ec2:Owner": "999999999999" })).resolves.toBe(refused);
  await expect(ask("ec2:RunInstances", ec2(`subnet/${say("BuilderSubnetId")}`))).resolves.toBe("Allowed");
  const [machines = ""] = say("SubnetIds").split(",");
  await expect(ask("ec2:RunInstances", ec2(`subnet/${machines}`))).resolves.toBe(refused);
  for (const [action, resource] of [
    ["ec2:DeregisterImage", image],
    ["ec2:DeleteSnapshot", ec2Public("snapshot/snap-0123456789abcdef0")],
    ["ec2:CreateImage", ec2("instance/i-0123456789abcdef0")],
  ] as const) {
    await expect(ask(action, resource, ours)).resolves.toBe("Allowed");
    await expect(ask(action, resource)).resolves.toBe(refused);
  }
});
