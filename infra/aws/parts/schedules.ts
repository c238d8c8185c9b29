import { CfnPolicy, CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { Aws } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { endOurs } from "./controller/conditions.ts";

/** The fifth way in which a machine ends: a schedule of its own, which needs nothing of Drydock to fire. */
export class Schedules extends Construct {
  readonly role: CfnRole;
  readonly groupName: string;

  constructor(scope: Construct, id: string, installation: string, deadLettersArn: string) {
    super(scope, id);
    this.groupName = `${Aws.STACK_NAME}-machines`;
    new CfnScheduleGroup(this, "Group", { name: this.groupName });
    const groupArn = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule-group/${this.groupName}`;
    this.role = new CfnRole(this, "Role", {
      description: "Ends machines of Drydock at their lease",
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": groupArn },
            },
          },
        ],
      },
    });
    new CfnPolicy(this, "Policy", {
      policyName: "end-machines",
      roles: [this.role.ref],
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          endOurs(installation),
          { Effect: "Allow", Action: "sqs:SendMessage", Resource: deadLettersArn },
        ],
      },
    });
  }
}
