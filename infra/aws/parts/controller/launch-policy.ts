import { tagKeys } from "#infra/compute/ec2/tags.ts";
import type { StackSettings } from "../../stack-settings.ts";
import { ec2Arn, ec2PublicArn, endOurs, madeOurs, ours, policyOf, type Statement } from "./conditions.ts";

export interface MachinePlace {
  launchTemplateId: string;
  subnetIds: string[];
  securityGroupId: string;
}

/**
 * What the controller may do in EC2: launch machines by our template, tagged in the same call, and end what has our tag.
 * AWS asks CreateFleet for the call and RunInstances for each instance of it, so whatever an override of the call says
 * is judged by the RunInstances part; that part names every kind of thing an instance is made of, and what is not named
 * (keys, snapshots, placement groups, reservations) is refused.
 */
export function launchPolicy(settings: StackSettings, place: MachinePlace) {
  return policyOf([
    ...runInstances(settings, place),
    ...createFleet(settings, place),
    ...never(settings),
    {
      Sid: "TagAtLaunch",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: ["fleet", "instance", "volume", "network-interface", "spot-instances-request"].map((kind) =>
        ec2Arn(`${kind}/*`),
      ),
      Condition: {
        StringEquals: {
          "ec2:CreateAction": ["CreateFleet", "RunInstances"],
          ...madeOurs(settings.installation),
        },
      },
    },
    endOurs(settings.installation),
    {
      Sid: "Look",
      Effect: "Allow",
      Action: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
        "pricing:GetProducts",
        "servicequotas:GetServiceQuota",
      ],
      Resource: "*",
    },
  ]);
}

function runInstances(settings: StackSettings, place: MachinePlace): Statement[] {
  const byOurTemplate = {
    ArnEquals: { "ec2:LaunchTemplate": ec2Arn(`launch-template/${place.launchTemplateId}`) },
  };
  const allow = (
    Sid: string,
    Resource: string | string[],
    Condition?: Statement["Condition"],
  ): Statement => ({
    Sid,
    Effect: "Allow",
    Action: "ec2:RunInstances",
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  return [
    allow("RunInstance", ec2Arn("instance/*"), {
      ...byOurTemplate,
      StringEquals: {
        ...madeOurs(settings.installation),
        "ec2:InstanceType": settings.instanceTypes,
        "ec2:MetadataHttpTokens": "required",
      },
      StringEqualsIfExists: { "ec2:Tenancy": "default" },
      NumericLessThanEquals: { "ec2:MetadataHttpPutResponseHopLimit": "1" },
      Null: {
        "ec2:InstanceProfile": "true",
        [`aws:RequestTag/${tagKeys.machine}`]: "false",
        [`aws:RequestTag/${tagKeys.leaseUntil}`]: "false",
      },
    }),
    allow("RunVolume", ec2Arn("volume/*"), {
      ...byOurTemplate,
      StringEquals: { ...madeOurs(settings.installation), "ec2:VolumeType": "gp3" },
      Bool: { "ec2:Encrypted": "true" },
      NumericLessThanEquals: { "ec2:VolumeSize": String(settings.volumeGib) },
    }),
    allow(
      "RunInOurNetwork",
      [
        ...place.subnetIds.map((id) => ec2Arn(`subnet/${id}`)),
        ec2Arn(`security-group/${place.securityGroupId}`),
        ec2Arn("network-interface/*"),
      ],
      byOurTemplate,
    ),
    allow("RunOurImage", ec2PublicArn("image/*"), { StringEquals: ours(settings.installation) }),
    allow("RunByTemplate", [
      ec2Arn(`launch-template/${place.launchTemplateId}`),
      ec2Arn("spot-instances-request/*"),
    ]),
  ];
}

function createFleet(settings: StackSettings, place: MachinePlace): Statement[] {
  const allow = (Sid: string, Resource: string[], Condition?: Statement["Condition"]): Statement => ({
    Sid,
    Effect: "Allow",
    Action: "ec2:CreateFleet",
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  return [
    allow("FleetTagged", [ec2Arn("fleet/*"), ec2Arn("volume/*")], {
      StringEquals: madeOurs(settings.installation),
    }),
    allow("FleetInstance", [ec2Arn("instance/*")], {
      StringEquals: madeOurs(settings.installation),
      StringEqualsIfExists: { "ec2:InstanceType": settings.instanceTypes, "ec2:Tenancy": "default" },
      Null: {
        "ec2:InstanceProfile": "true",
        [`aws:RequestTag/${tagKeys.machine}`]: "false",
        [`aws:RequestTag/${tagKeys.leaseUntil}`]: "false",
      },
    }),
    allow("FleetPlace", [
      ec2Arn(`launch-template/${place.launchTemplateId}`),
      ...place.subnetIds.map((id) => ec2Arn(`subnet/${id}`)),
    ]),
    allow("FleetImage", [ec2PublicArn("image/*")], { StringEquals: ours(settings.installation) }),
  ];
}

/** Said once more as refusals, which no other policy of the same person can undo. */
function never(settings: StackSettings): Statement[] {
  const deny = (Sid: string, Action: string | string[], Condition: Statement["Condition"]): Statement => ({
    Sid,
    Effect: "Deny",
    Action,
    Resource: ec2Arn("instance/*"),
    ...(Condition === undefined ? {} : { Condition }),
  });
  return [
    deny("NoLargeType", "ec2:RunInstances", {
      StringNotEquals: { "ec2:InstanceType": settings.instanceTypes },
    }),
    deny("NoOpenMetadata", "ec2:RunInstances", {
      StringNotEquals: { "ec2:MetadataHttpTokens": "required" },
    }),
    deny("NoRole", ["ec2:RunInstances", "ec2:CreateFleet"], { Null: { "ec2:InstanceProfile": "false" } }),
  ];
}
