import { expect, test } from "vitest";
import { readStackOutputs } from "#infra/aws/stack-outputs.ts";
import { parseSettings } from "#infra/aws/stack-settings.ts";
import { synthesize } from "#infra/aws/synthesize.ts";
import { fillIn, policiesNamed } from "./support/fill-in.ts";
import { inputOfTest, installation, type StackTemplate, settingsOfTest } from "./support/stack-of-test.ts";

const template = JSON.parse(synthesize(settingsOfTest)) as StackTemplate;

/** Properties of every resource of a type, filled in but for what only AWS can. */
function all(type: string, of = template): Record<string, unknown>[] {
  return Object.values(of.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

function only(type: string): Record<string, unknown> {
  const [first, ...more] = all(type);
  if (first === undefined || more.length > 0) throw new Error(`not one ${type}`);
  return first;
}

const groupOf = (description: RegExp, of = template) =>
  all("AWS::EC2::SecurityGroup", of).find(({ GroupDescription }) =>
    description.test(String(GroupDescription)),
  );

test("nothing comes in, and no NAT gateway costs by the hour", () => {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  for (const none of [
    "NatGateway",
    "EIP",
    "SecurityGroupIngress",
    "SecurityGroupEgress",
    "VPCPeeringConnection",
  ])
    expect(types).not.toContain(`AWS::EC2::${none}`);
  const groups = all("AWS::EC2::SecurityGroup");
  expect(groups.length).toBe(2);
  for (const group of groups) expect(group).not.toHaveProperty("SecurityGroupIngress");
});

test("machines have an address of their own in three zones, none of it the builder's", () => {
  const subnets = all("AWS::EC2::Subnet").filter(({ CidrBlock }) => String(CidrBlock).startsWith("10.90."));
  expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(
    [0, 1, 2].map((zone) => ({ "Fn::Select": [zone, { "Fn::GetAZs": "" }] })),
  );
  for (const subnet of subnets) expect(subnet.MapPublicIpOnLaunch).toBe(true);
  expect(new Set(all("AWS::EC2::Subnet").map(({ VpcId }) => JSON.stringify(VpcId))).size).toBe(2);
});

test("a machine reaches the controller on its port and S3, and nothing else", () => {
  const s3 = {
    IpProtocol: "tcp",
    FromPort: 443,
    ToPort: 443,
    DestinationPrefixListId: "pl-63a5400a",
    Description: expect.any(String),
  };
  const controller = (CidrIp: string, port: number) => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    CidrIp,
    Description: expect.any(String),
  });
  expect(groupOf(/machines/)?.SecurityGroupEgress).toEqual([controller("203.0.113.7/32", 443), s3]);
  const two = parseSettings({
    ...inputOfTest,
    controller: { networks: ["203.0.113.7/32", "198.51.100.0/24"], port: 8443 },
  });
  expect(groupOf(/machines/, JSON.parse(synthesize(two)) as StackTemplate)?.SecurityGroupEgress).toEqual([
    controller("203.0.113.7/32", 8443),
    controller("198.51.100.0/24", 8443),
    s3,
  ]);
});

test("of S3 only our bucket passes", () => {
  const endpoint = only("AWS::EC2::VPCEndpoint");
  expect(endpoint.VpcEndpointType).toBe("Gateway");
  expect(fillIn(template, endpoint.PolicyDocument)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: "arn:aws:s3:::bucket/*",
      },
    ],
  });
});

test("the network's name server knows the controller and the bucket alone", () => {
  const lists = Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === "AWS::Route53Resolver::FirewallDomainList")
      .map(([id, { Properties }]) => [id, fillIn(template, Properties.Domains)]),
  );
  const rules = only("AWS::Route53Resolver::FirewallRuleGroup").FirewallRules as {
    Action: string;
    Priority: number;
    FirewallDomainListId: { Ref: string };
  }[];
  const inOrder = rules
    .toSorted((a, b) => a.Priority - b.Priority)
    .map(({ Action, FirewallDomainListId: { Ref } }) => [Action, lists[Ref]]);
  expect(inOrder).toEqual([
    [
      "ALLOW",
      ["drydock.example.edu", "AWS::S3::Bucket.RegionalDomainName/Bucket", "s3.us-east-1.amazonaws.com"],
    ],
    ["BLOCK", ["*"]],
  ]);
  const machinesVpc = groupOf(/machines/)?.VpcId;
  expect(only("AWS::Route53Resolver::FirewallRuleGroupAssociation").VpcId).toEqual(machinesVpc);
});

test("a machine has no role, metadata by token and one hop, and goes with its encrypted disk when it powers off", () => {
  const data = only("AWS::EC2::LaunchTemplate").LaunchTemplateData as Record<string, unknown>;
  expect(data).toEqual({
    SecurityGroupIds: [{ Ref: expect.stringMatching(/^WallGroup/) }],
    InstanceInitiatedShutdownBehavior: "terminate",
    DisableApiTermination: false,
    MetadataOptions: {
      HttpEndpoint: "enabled",
      HttpTokens: "required",
      HttpPutResponseHopLimit: 1,
      HttpProtocolIpv6: "disabled",
      InstanceMetadataTags: "disabled",
    },
    BlockDeviceMappings: [
      {
        DeviceName: "/dev/xvda",
        Ebs: { VolumeType: "gp3", VolumeSize: 16, Encrypted: true, DeleteOnTermination: true },
      },
    ],
    TagSpecifications: [
      {
        ResourceType: "network-interface",
        Tags: [
          { Key: "drydock:installation", Value: installation },
          { Key: "drydock:deployment", Value: "fall-2026" },
        ],
      },
    ],
  });
});

test("the bucket is closed, encrypted, asks for TLS, forgets what is unfinished, and outlives the stack", () => {
  const bucket = Object.values(template.Resources).find(({ Type }) => Type === "AWS::S3::Bucket");
  expect(bucket?.DeletionPolicy).toBe("Retain");
  expect(bucket?.UpdateReplacePolicy).toBe("Retain");
  expect(bucket?.Properties).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
    },
    VersioningConfiguration: { Status: "Enabled" },
    LifecycleConfiguration: {
      Rules: [
        { Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        { Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
      ],
    },
  });
  const noPlainHttp = {
    Effect: "Deny",
    Principal: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  for (const type of ["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"])
    for (const { PolicyDocument } of all(type))
      expect(PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([expect.objectContaining(noPlainHttp)]),
      });
});

test("interruptions and rebalance recommendations go to an encrypted queue, what cannot be read to another", () => {
  const rule = all("AWS::Events::Rule").find(({ EventPattern }) => EventPattern !== undefined);
  expect(rule?.EventPattern).toEqual({
    source: ["aws.ec2"],
    "detail-type": ["EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation"],
  });
  const queues = all("AWS::SQS::Queue");
  expect(queues.map(({ SqsManagedSseEnabled }) => SqsManagedSseEnabled)).toEqual([true, true]);
  expect(queues.filter(({ RedrivePolicy }) => RedrivePolicy !== undefined).length).toBe(1);
  const writers = all("AWS::SQS::QueuePolicy").flatMap(
    ({ PolicyDocument }) =>
      (PolicyDocument as { Statement: { Effect: string; Condition?: object }[] }).Statement,
  );
  for (const { Effect, Condition } of writers)
    if (Effect === "Allow")
      expect(Condition).toMatchObject({ ArnEquals: { "aws:SourceArn": expect.anything() } });
});

test("only the scheduler's own group of schedules has its role, which ends our machines and nothing else", () => {
  expect(only("AWS::Scheduler::ScheduleGroup").Name).toEqual(template.Outputs.ScheduleGroupName?.Value);
  const role = all("AWS::IAM::Role").find(({ Description }) => /lease/.test(String(Description)));
  expect(fillIn(template, role?.AssumeRolePolicyDocument)).toMatchObject({
    Statement: [
      {
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "111122223333",
            "aws:SourceArn":
              "arn:aws:scheduler:us-east-1:111122223333:schedule-group/drydock-fall-2026-machines",
          },
        },
      },
    ],
  });
  const [policy] = policiesNamed(template, "SchedulesPolicy");
  expect(policy?.Statement.map(({ Action }) => Action)).toEqual([
    "ec2:TerminateInstances",
    "sqs:SendMessage",
  ]);
});

test("the reaper looks every five minutes with its code in the template, and somebody hears when it does not", () => {
  const { Code, Runtime, Timeout } = only("AWS::Lambda::Function");
  const { ZipFile } = Code as { ZipFile: string };
  expect(ZipFile.length).toBeLessThanOrEqual(4096);
  expect(ZipFile).toContain(installation);
  expect(Runtime).toBe("nodejs24.x");
  expect(Timeout).toBeLessThan(300);
  const rule = all("AWS::Events::Rule").find(({ ScheduleExpression }) => ScheduleExpression !== undefined);
  expect(rule?.ScheduleExpression).toBe("rate(5 minutes)");
  expect(only("AWS::CloudWatch::Alarm")).toMatchObject({
    ComparisonOperator: "LessThanThreshold",
    Threshold: 1,
    TreatMissingData: "breaching",
    AlarmActions: [{ Ref: expect.stringMatching(/^AlarmsTopic/) }],
  });
});

test("somebody is told before the month costs more than was meant", () => {
  const budget = only("AWS::Budgets::Budget");
  expect(budget.Budget).toMatchObject({ TimeUnit: "MONTHLY", BudgetLimit: { Amount: 30, Unit: "USD" } });
  const told = budget.NotificationsWithSubscribers as { Subscribers: object[] }[];
  for (const { Subscribers } of told)
    expect(Subscribers).toEqual([{ SubscriptionType: "EMAIL", Address: "staff@example.edu" }]);
});

test("no right is for everything: no wildcard in an action, and all resources only to look", () => {
  const statements = ["LaunchPolicy", "DataPolicy", "ImagesPolicy", "Reaper", "Schedules"].flatMap((name) =>
    policiesNamed(template, name).flatMap(({ Statement }) => Statement),
  );
  expect(statements.length).toBeGreaterThan(30);
  for (const { Effect, Action, Resource } of statements) {
    if (Effect !== "Allow") continue;
    for (const action of [Action].flat()) {
      expect(action).not.toContain("*");
      if (Resource === "*")
        expect(action).toMatch(/^(ec2:Describe|pricing:GetProducts|servicequotas:Get|scheduler:List)/);
    }
  }
});

test("AWS takes the template and its policies at their longest", () => {
  const largest = parseSettings({
    ...inputOfTest,
    installation: "i".repeat(40),
    deployment: "d".repeat(39),
    controller: {
      networks: Array.from({ length: 10 }, (_, i) => `203.0.113.${100 + i}/32`),
      port: 65535,
      host: "drydock.department.university.example.edu",
    },
    instanceTypes: Array.from({ length: 16 }, (_, i) => `m${i + 10}gdn.xlarge`),
  });
  const text = synthesize(largest);
  expect(Buffer.byteLength(text)).toBeLessThan(51_200);
  const large = JSON.parse(text) as StackTemplate;
  for (const name of ["LaunchPolicy", "DataPolicy", "ImagesPolicy"])
    for (const policy of policiesNamed(large, name)) expect(JSON.stringify(policy).length).toBeLessThan(6144);
  // No bootstrap, no assets: nothing must be in the account before.
  expect(large.Parameters).toBeUndefined();
  expect(text).not.toMatch(/cdk-|assets|AssetParameters/);
});

test("what the stack says is what its readers read, and no more", () => {
  const said = Object.entries(template.Outputs).map(([OutputKey, { Value }]) => ({
    OutputKey,
    OutputValue: OutputKey === "LaunchTemplateVersion" ? "1" : String(fillIn(template, Value)),
  }));
  const outputs = readStackOutputs(said);
  expect(Object.keys(outputs).sort()).toEqual(said.map(({ OutputKey }) => OutputKey).sort());
  expect(outputs.SubnetIds.length).toBe(3);
  expect(outputs.FleetMax).toBe(27);
  expect(() => readStackOutputs(said.filter(({ OutputKey }) => OutputKey !== "BucketName"))).toThrow(
    /BucketName/,
  );
});
