import { Aws } from "aws-cdk-lib/core";
import { tagKeys } from "#infra/compute/ec2/tags.ts";

/** Of a thing that is there. */
export function ours(installation: string) {
  return { [`aws:ResourceTag/${tagKeys.installation}`]: installation };
}

/** Of a thing that is being made. */
export function madeOurs(installation: string) {
  return { [`aws:RequestTag/${tagKeys.installation}`]: installation };
}

/** subnet/*, in this account and region */
export function ec2Arn(what: string): string {
  return `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:${what}`;
}

/** Images and snapshots have no account in their names. */
export function ec2PublicArn(what: string): string {
  return `arn:${Aws.PARTITION}:ec2:${Aws.REGION}::${what}`;
}

export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

export const policyOf = (Statement: Statement[]) => ({ Version: "2012-10-17", Statement });

/** Whoever may end instances may end those with our tag alone. */
export function endOurs(installation: string): Statement {
  return {
    Sid: "EndOurs",
    Effect: "Allow",
    Action: "ec2:TerminateInstances",
    Resource: ec2Arn("instance/*"),
    Condition: { StringEquals: ours(installation) },
  };
}
