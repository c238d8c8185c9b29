import { Aws } from "aws-cdk-lib/core";
import { debianAccount } from "#infra/compute/ec2/images/debian-account.ts";
import { imagesFolder } from "#infra/compute/ec2/images/images-folder.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import type { StackSettings } from "../../stack-settings.ts";
import { ec2Arn, ec2PublicArn, endOurs, madeOurs, ours, policyOf } from "./conditions.ts";

/** What making machine images takes; attached to nobody, for whoever makes them. */
export function imagesPolicy(
  settings: StackSettings,
  place: { subnetId: string; securityGroupId: string; bucketArn: string },
) {
  const { installation } = settings;
  const madeByUs = { StringEquals: madeOurs(installation) };
  return policyOf([
    {
      Sid: "RunBuilder",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: ec2Arn("instance/*"),
      Condition: {
        StringEquals: {
          ...madeOurs(installation),
          "ec2:InstanceType": settings.instanceTypes,
          "ec2:MetadataHttpTokens": "required",
        },
        Null: { "ec2:InstanceProfile": "true", [`aws:RequestTag/${tagKeys.leaseUntil}`]: "false" },
      },
    },
    {
      Sid: "RunBuilderVolume",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: ec2Arn("volume/*"),
      Condition: { ...madeByUs, NumericLessThanEquals: { "ec2:VolumeSize": "64" } },
    },
    {
      Sid: "RunBuilderIn",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: [
        ec2Arn(`subnet/${place.subnetId}`),
        ec2Arn(`security-group/${place.securityGroupId}`),
        ec2Arn("network-interface/*"),
      ],
    },
    {
      Sid: "RunDebian",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: ec2PublicArn("image/*"),
      Condition: { StringEquals: { "ec2:Owner": debianAccount } },
    },
    {
      Sid: "TagAtMaking",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: [
        ...["instance", "volume"].map((kind) => ec2Arn(`${kind}/*`)),
        ...["image", "snapshot"].map((kind) => ec2PublicArn(`${kind}/*`)),
      ],
      Condition: {
        StringEquals: { "ec2:CreateAction": ["RunInstances", "CreateImage"], ...madeOurs(installation) },
      },
    },
    {
      Sid: "ImageOfOurs",
      Effect: "Allow",
      Action: ["ec2:CreateImage", "ec2:GetConsoleOutput"],
      Resource: ec2Arn("instance/*"),
      Condition: { StringEquals: ours(installation) },
    },
    {
      Sid: "MakeImage",
      Effect: "Allow",
      Action: "ec2:CreateImage",
      Resource: [ec2PublicArn("image/*"), ec2PublicArn("snapshot/*")],
      Condition: madeByUs,
    },
    {
      Sid: "RemoveOurs",
      Effect: "Allow",
      Action: ["ec2:DeregisterImage", "ec2:DeleteSnapshot"],
      Resource: [ec2PublicArn("image/*"), ec2PublicArn("snapshot/*")],
      Condition: { StringEquals: ours(installation) },
    },
    endOurs(installation),
    {
      Sid: "Look",
      Effect: "Allow",
      Action: ["ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeSnapshots"],
      Resource: "*",
    },
    {
      // The builder has no rights: it fetches what it needs by a link, which whoever signed it must be allowed to follow.
      Sid: "BringRecipe",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject"],
      Resource: `${place.bucketArn}/${imagesFolder}*`,
    },
    {
      Sid: "ReadStack",
      Effect: "Allow",
      Action: "cloudformation:DescribeStacks",
      Resource: Aws.STACK_ID,
    },
  ]);
}
