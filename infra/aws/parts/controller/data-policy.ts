import { Aws } from "aws-cdk-lib/core";
import { policyOf } from "./conditions.ts";

export interface ControllerData {
  bucketArn: string;
  queueArn: string;
  scheduleGroupName: string;
  schedulerRoleArn: string;
}

/** What the controller may do besides EC2: files, notices of interruption, a schedule for each machine, its own stack. */
export function dataPolicy(data: ControllerData) {
  return policyOf([
    {
      Sid: "Files",
      Effect: "Allow",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: `${data.bucketArn}/*`,
    },
    {
      Sid: "ListFiles",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: data.bucketArn,
    },
    {
      Sid: "Interruptions",
      Effect: "Allow",
      Action: [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ],
      Resource: data.queueArn,
    },
    {
      Sid: "Schedules",
      Effect: "Allow",
      Action: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:GetSchedule"],
      Resource: `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule/${data.scheduleGroupName}/*`,
    },
    { Sid: "ListSchedules", Effect: "Allow", Action: "scheduler:ListSchedules", Resource: "*" },
    {
      Sid: "PassSchedulerRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: data.schedulerRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    },
    {
      Sid: "FirstSpotOfAccount",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`,
      Condition: { StringEquals: { "iam:AWSServiceName": "spot.amazonaws.com" } },
    },
    {
      Sid: "OwnStack",
      Effect: "Allow",
      Action: "cloudformation:DescribeStacks",
      Resource: Aws.STACK_ID,
    },
  ]);
}
