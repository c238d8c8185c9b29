import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnPolicy, CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnFunction, CfnPermission } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Aws } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { bundleReaper } from "../reaper/bundle-reaper.ts";
import { endOurs } from "./controller/conditions.ts";

/** The fourth way in which a machine ends, with Drydock and its database dead: every five minutes, by tag alone. */
export class ReaperFunction extends Construct {
  readonly functionName: string;

  constructor(scope: Construct, id: string, installation: string) {
    super(scope, id);
    const name = `${Aws.STACK_NAME}-reaper`;
    const logs = new CfnLogGroup(this, "Logs", { logGroupName: `/aws/lambda/${name}`, retentionInDays: 30 });
    const role = new CfnRole(this, "Role", {
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
    });
    const policy = new CfnPolicy(this, "Policy", {
      policyName: "end-what-is-past-its-lease",
      roles: [role.ref],
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          endOurs(installation),
          { Sid: "Look", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
          {
            Sid: "Log",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: logs.attrArn,
          },
        ],
      },
    });
    const reaper = new CfnFunction(this, "Function", {
      functionName: name,
      description: "Ends machines of Drydock that are past their lease",
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: { zipFile: bundleReaper(installation) },
      role: role.attrArn,
      memorySize: 256,
      timeout: 60,
    });
    reaper.addResourceDependency(policy);
    reaper.addResourceDependency(logs);
    const rule = new CfnRule(this, "Rule", {
      scheduleExpression: "rate(5 minutes)",
      targets: [{ id: "reaper", arn: reaper.attrArn }],
    });
    new CfnPermission(this, "MayCall", {
      action: "lambda:InvokeFunction",
      functionName: reaper.ref,
      principal: "events.amazonaws.com",
      sourceArn: rule.attrArn,
    });
    this.functionName = reaper.ref;
  }
}
