import { expect, test } from "vitest";
import { synthesize } from "#infra/aws/synthesize.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { type Ask, askIam, ec2, ec2Public } from "./support/ask-iam.ts";
import { fillIn, policiesNamed } from "./support/fill-in.ts";
import { askFleet, askRun, changed, type LaunchAsks } from "./support/launch-asks.ts";
import { installation, type StackTemplate, settingsOfTest } from "./support/stack-of-test.ts";

const template = JSON.parse(synthesize(settingsOfTest)) as StackTemplate;
const say = (output: string) => String(fillIn(template, template.Outputs[output]?.Value));
/** All that the controller has. */
const controller = [...policiesNamed(template, "LaunchPolicy"), ...policiesNamed(template, "DataPolicy")];
const place = {
  template: say("LaunchTemplateId"),
  subnet: say("SubnetIds").split(",")[1] ?? "",
  group: say("SecurityGroupId"),
};

/** What is refused of a launch, each with how; nothing: it may be made. */
async function refusals(asks: LaunchAsks): Promise<string[]> {
  const refused: string[] = [];
  for (const [kind, ask] of Object.entries(asks)) {
    const answer = await askIam(controller, ask);
    if (answer !== "Allowed") refused.push(`${kind} ${answer}`);
  }
  return refused;
}

test("a machine with our tags, by our template, in our network may be launched", async () => {
  await expect(refusals(askFleet(place))).resolves.toEqual([]);
  await expect(refusals(askRun(place))).resolves.toEqual([]);
  const onDemand = changed(askRun(place), "instance", { context: { "ec2:InstanceMarketType": undefined } });
  await expect(refusals(onDemand)).resolves.toEqual([]);
});

const request = (name: keyof typeof tagKeys) => `aws:RequestTag/${tagKeys[name]}`;
const foreign = "ins_of-others";
const implicit = "ImplicitlyDenied";
const explicit = "ExplicitlyDenied";

/** Each thing that a call can say otherwise than the template does, and of which resource it is refused. */
const runs: [what: string, kind: string, change: Parameters<typeof changed>[2], how: string][] = [
  ["no tag of an installation", "instance", { context: { [request("installation")]: undefined } }, implicit],
  ["another installation's tag", "instance", { context: { [request("installation")]: foreign } }, implicit],
  ["no machine's tag", "instance", { context: { [request("machine")]: undefined } }, implicit],
  ["no lease", "instance", { context: { [request("leaseUntil")]: undefined } }, implicit],
  ["a volume without tag", "volume", { context: { [request("installation")]: undefined } }, implicit],
  ["a large type", "instance", { context: { "ec2:InstanceType": "c7a.24xlarge" } }, explicit],
  ["a type with a graphics card", "instance", { context: { "ec2:InstanceType": "g5.xlarge" } }, explicit],
  ["metadata without token", "instance", { context: { "ec2:MetadataHttpTokens": "optional" } }, explicit],
  ["metadata not said", "instance", { context: { "ec2:MetadataHttpTokens": undefined } }, explicit],
  ["a second hop", "instance", { context: { "ec2:MetadataHttpPutResponseHopLimit": "2" } }, implicit],
  [
    "a role",
    "instance",
    { context: { "ec2:InstanceProfile": "arn:aws:iam::111122223333:instance-profile/admin" } },
    explicit,
  ],
  ["a host of its own", "instance", { context: { "ec2:Tenancy": "dedicated" } }, implicit],
  ["a volume in clear", "volume", { context: { "ec2:Encrypted": "false" } }, implicit],
  ["a large volume", "volume", { context: { "ec2:VolumeSize": "1000" } }, implicit],
  ["a dear volume", "volume", { context: { "ec2:VolumeType": "io2" } }, implicit],
  [
    "an image of others",
    "image",
    { context: { [`aws:ResourceTag/${tagKeys.installation}`]: foreign } },
    implicit,
  ],
  [
    "an image without tag",
    "image",
    { context: { [`aws:ResourceTag/${tagKeys.installation}`]: undefined } },
    implicit,
  ],
  ["another network", "subnet", { resource: ec2("subnet/subnet-foreign") }, implicit],
  ["the builder's network", "subnet", { resource: ec2(`subnet/${say("BuilderSubnetId")}`) }, implicit],
  ["another group", "security-group", { resource: ec2("security-group/sg-default") }, implicit],
  ["another template", "launch-template", { resource: ec2("launch-template/lt-foreign") }, implicit],
  ["no template", "instance", { context: { "ec2:LaunchTemplate": undefined } }, implicit],
  ["our network without template", "subnet", { context: { "ec2:LaunchTemplate": undefined } }, implicit],
  [
    "our group by another template",
    "security-group",
    { context: { "ec2:LaunchTemplate": ec2("launch-template/lt-foreign") } },
    implicit,
  ],
];

test.each(runs)("an instance is refused that has %s", async (_, kind, change, how) => {
  await expect(refusals(changed(askRun(place), kind, change))).resolves.toEqual([`${kind} ${how}`]);
});

const extra: [what: string, resource: string][] = [
  ["a key to sign in", ec2("key-pair/somebody")],
  ["a volume from a snapshot", ec2Public("snapshot/snap-0123456789abcdef0")],
  ["a placement group", ec2("placement-group/near")],
  ["a reservation", ec2("capacity-reservation/cr-0123456789abcdef0")],
];

test.each(extra)("an instance is refused that has %s besides", async (_, resource) => {
  const besides: Ask = {
    action: "ec2:RunInstances",
    resource,
    ...(resource.includes(":snapshot/") || resource.includes("capacity") || resource.includes("key-pair")
      ? { context: { "ec2:LaunchTemplate": ec2(`launch-template/${place.template}`) } }
      : {}),
  };
  await expect(refusals({ ...askRun(place), besides })).resolves.toEqual([`besides ${implicit}`]);
});

const fleets: [what: string, kind: string, change: Parameters<typeof changed>[2], how: string][] = [
  ["no tag", "fleet", { context: { [request("installation")]: undefined } }, implicit],
  ["another's tag", "fleet", { context: { [request("installation")]: foreign } }, implicit],
  ["instances without tag", "instance", { context: { [request("installation")]: undefined } }, implicit],
  ["instances without lease", "instance", { context: { [request("leaseUntil")]: undefined } }, implicit],
  ["instances of a large type", "instance", { context: { "ec2:InstanceType": "m7i.48xlarge" } }, implicit],
  [
    "instances with a role",
    "instance",
    { context: { "ec2:InstanceProfile": "arn:aws:iam::111122223333:instance-profile/admin" } },
    explicit,
  ],
  ["another template", "launch-template", { resource: ec2("launch-template/lt-foreign") }, implicit],
  ["another network", "subnet", { resource: ec2("subnet/subnet-foreign") }, implicit],
  [
    "an image of others",
    "image",
    { context: { [`aws:ResourceTag/${tagKeys.installation}`]: foreign } },
    implicit,
  ],
];

test.each(fleets)("a fleet is refused that has %s", async (_, kind, change, how) => {
  await expect(refusals(changed(askFleet(place), kind, change))).resolves.toEqual([`${kind} ${how}`]);
});

test("tags are written in the launch and never later", async () => {
  const tag = (resource: string, context: Ask["context"]) =>
    askIam(controller, { action: "ec2:CreateTags", resource, context: context ?? {} });
  const ours = { [request("installation")]: installation };
  for (const kind of ["instance", "volume", "fleet", "network-interface", "spot-instances-request"])
    for (const by of ["RunInstances", "CreateFleet"])
      await expect(tag(ec2(`${kind}/x`), { ...ours, "ec2:CreateAction": by })).resolves.toBe("Allowed");
  await expect(tag(ec2("instance/i-1"), ours)).resolves.toBe(implicit);
  await expect(
    tag(ec2("instance/i-1"), { [request("installation")]: foreign, "ec2:CreateAction": "RunInstances" }),
  ).resolves.toBe(implicit);
  await expect(askIam(controller, { action: "ec2:DeleteTags", resource: ec2("instance/i-1") })).resolves.toBe(
    implicit,
  );
});

test("only what has our tag can be ended, by the controller, the reaper, the schedules and who makes images", async () => {
  const enders = { controller, Reaper: null, Schedules: null, ImagesPolicy: null };
  for (const [name, own] of Object.entries(enders)) {
    const policies = own ?? policiesNamed(template, name);
    const end = (tags: Record<string, string>) =>
      askIam(policies, {
        action: "ec2:TerminateInstances",
        resource: ec2("instance/i-0123456789abcdef0"),
        context: tags,
      });
    await expect(end({ [`aws:ResourceTag/${tagKeys.installation}`]: installation })).resolves.toBe("Allowed");
    await expect(end({ [`aws:ResourceTag/${tagKeys.installation}`]: foreign })).resolves.toBe(implicit);
    // A foreign instance that goes by our deployment's name.
    await expect(end({ [`aws:ResourceTag/${tagKeys.deployment}`]: settingsOfTest.deployment })).resolves.toBe(
      implicit,
    );
    await expect(end({})).resolves.toBe(implicit);
  }
});
