import { expect, test } from "vitest";
import { synthesize } from "#infra/aws/synthesize.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { type Answer, type Ask, askIam, ec2, ec2Public } from "./support/ask-iam.ts";
import { account, fillIn, policiesNamed, region } from "./support/fill-in.ts";
import { changed, type LaunchAsks } from "./support/launch-asks.ts";
import { installation, type StackTemplate, settingsOfTest } from "./support/stack-of-test.ts";

const template = JSON.parse(synthesize(settingsOfTest)) as StackTemplate;
const say = (output: string) => String(fillIn(template, template.Outputs[output]?.Value));
const policies = policiesNamed(template, "ImagesPolicy");
const ask = (one: Ask) => askIam(policies, one);
const denied: Answer = "ImplicitlyDenied";

const request = (name: keyof typeof tagKeys) => `aws:RequestTag/${tagKeys[name]}`;
const resource = `aws:ResourceTag/${tagKeys.installation}`;
const tagged = {
  [request("installation")]: installation,
  [request("leaseUntil")]: "2026-11-29T04:00:00.000Z",
  [request("builder")]: "computer/1",
};

/** What AWS asks of the builder's RunInstances, as images/builders.ts makes it. */
const launch: LaunchAsks = Object.fromEntries(
  Object.entries({
    instance: [
      ec2("instance/*"),
      { ...tagged, "ec2:InstanceType": "c5.large", "ec2:MetadataHttpTokens": "required" },
    ],
    volume: [ec2("volume/*"), { ...tagged, "ec2:VolumeSize": "16", "ec2:Encrypted": "true" }],
    subnet: [ec2(`subnet/${say("BuilderSubnetId")}`), {}],
    "security-group": [ec2(`security-group/${say("BuilderSecurityGroupId")}`), {}],
    "network-interface": [ec2("network-interface/*"), {}],
    image: [ec2Public("image/ami-0d13000000000a002"), { "ec2:Owner": "136693071363" }],
  } as const).map(([kind, [arn, context]]) => [
    kind,
    { action: "ec2:RunInstances", resource: arn, context: { ...context } },
  ]),
);

async function refusals(asks: LaunchAsks): Promise<string[]> {
  const refused: string[] = [];
  for (const [kind, one] of Object.entries(asks)) if ((await ask(one)) !== "Allowed") refused.push(kind);
  return refused;
}

test("a builder may be launched from Debian's image, in its own network, with our tags and a lease", async () => {
  await expect(refusals(launch)).resolves.toEqual([]);
});

test.each([
  ["no tag", "instance", { context: { [request("installation")]: undefined } }],
  ["another's tag", "instance", { context: { [request("installation")]: "ins_of-others" } }],
  ["no lease", "instance", { context: { [request("leaseUntil")]: undefined } }],
  ["a large type", "instance", { context: { "ec2:InstanceType": "m7i.48xlarge" } }],
  ["metadata without a token", "instance", { context: { "ec2:MetadataHttpTokens": "optional" } }],
  [
    "a role",
    "instance",
    { context: { "ec2:InstanceProfile": "arn:aws:iam::111122223333:instance-profile/x" } },
  ],
  ["a large disk", "volume", { context: { "ec2:VolumeSize": "500" } }],
  ["a disk without tag", "volume", { context: { [request("installation")]: undefined } }],
  ["the machines' network", "subnet", { resource: ec2(`subnet/${say("SubnetIds").split(",")[0]}`) }],
  ["another group", "security-group", { resource: ec2(`security-group/${say("SecurityGroupId")}`) }],
  ["an image of somebody else's", "image", { context: { "ec2:Owner": "999999999999" } }],
] as [string, string, Parameters<typeof changed>[2]][])(
  "a builder is refused that has %s",
  async (_, kind, change) => {
    await expect(refusals(changed(launch, kind, change))).resolves.toEqual([kind]);
  },
);

test("every other call of the commands is allowed on what is ours, and refused on what is not", async () => {
  const stack = `arn:aws:cloudformation:${region}:${account}:stack`;
  const files = `arn:aws:s3:::${say("BucketName")}`;
  const mine = { [resource]: installation };
  const theirs = { [resource]: "ins_of-others" };
  const making = { [request("installation")]: installation };
  const builder = ec2("instance/i-0123456789abcdef0");
  const image = ec2Public("image/ami-0123456789abcdef0");
  const snapshot = ec2Public("snapshot/snap-0123456789abcdef0");
  const cases: [action: string, allowed: [string, Ask["context"]?], refused: [string, Ask["context"]?][]][] =
    [
      ["ec2:DescribeImages", ["*"], []],
      ["ec2:DescribeInstances", ["*"], []],
      ["ec2:DescribeSnapshots", ["*"], []],
      ["ec2:GetConsoleOutput", [builder, mine], [[builder, theirs], [builder]]],
      ["ec2:TerminateInstances", [builder, mine], [[builder, theirs], [builder]]],
      ["ec2:CreateImage", [builder, mine], [[builder, theirs]]],
      ["ec2:CreateImage", [ec2Public("image/*"), making], [[ec2Public("image/*")]]],
      ["ec2:CreateImage", [ec2Public("snapshot/*"), making], [[ec2Public("snapshot/*")]]],
      ["ec2:DeregisterImage", [image, mine], [[image, theirs], [image]]],
      ["ec2:DeleteSnapshot", [snapshot, mine], [[snapshot, theirs], [snapshot]]],
      ["ec2:CreateTags", [image, { ...making, "ec2:CreateAction": "CreateImage" }], [[image, making]]],
      ["ec2:CreateTags", [snapshot, { ...making, "ec2:CreateAction": "CreateImage" }], [[snapshot, making]]],
      ["ec2:CreateTags", [builder, { ...making, "ec2:CreateAction": "RunInstances" }], [[builder, making]]],
      ...["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"].map(
        (action): (typeof cases)[number] => [
          action,
          [`${files}/machine-images/x.tar.gz`],
          [[`${files}/submissions/sub_1`], ["arn:aws:s3:::another/machine-images/x"]],
        ],
      ),
      ["cloudformation:DescribeStacks", [`${stack}/drydock-fall-2026/0001`], [[`${stack}/another/0001`]]],
    ];
  for (const [action, allowed, refused] of cases) {
    await expect(ask(asked(action, allowed)), `${action} ${allowed[0]}`).resolves.toBe("Allowed");
    for (const one of refused)
      await expect(ask(asked(action, one)), `${action} ${one[0]}`).resolves.toBe(denied);
  }
  // And nothing that no command calls.
  const called = new Set([...cases.map(([action]) => action), "ec2:RunInstances"]);
  const granted = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => [Action].flat()));
  expect([...new Set(granted)].sort()).toEqual([...called].sort());
});

const asked = (action: string, [arn, context]: [string, Ask["context"]?]): Ask => ({
  ...{ action, resource: arn },
  ...(context !== undefined && { context }),
});
