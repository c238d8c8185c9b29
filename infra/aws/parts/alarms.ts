import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import { Aws } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { StackSettings } from "../stack-settings.ts";

/** Who is told of money, and of a reaper that does not run. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, settings: StackSettings, reaperName: string) {
    super(scope, id);
    this.budget(settings);
    const topic = this.topic(settings.email);
    const metric = (metricId: string, metricName: string) => ({
      id: metricId,
      returnData: false,
      metricStat: {
        metric: {
          namespace: "AWS/Lambda",
          metricName,
          dimensions: [{ name: "FunctionName", value: reaperName }],
        },
        period: 900,
        stat: "Sum",
      },
    });
    new CfnAlarm(this, "ReaperSilent", {
      alarmDescription: "Nothing ended machines past their lease for half an hour: it failed or did not run",
      metrics: [
        metric("calls", "Invocations"),
        metric("errors", "Errors"),
        { id: "good", expression: "calls - FILL(errors, 0)", returnData: true },
      ],
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 2,
      treatMissingData: "breaching",
      alarmActions: [topic.ref],
      okActions: [topic.ref],
    });
  }

  /** Of the whole account: a filter by tag counts nothing until somebody has switched the tag on for bills. */
  private budget(settings: StackSettings) {
    const told = (notificationType: string, threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold,
        thresholdType: "PERCENTAGE",
      },
      subscribers: [{ subscriptionType: "EMAIL", address: settings.email }],
    });
    new CfnBudget(this, "Budget", {
      budget: {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: settings.monthlyUsd, unit: "USD" },
      },
      notificationsWithSubscribers: [told("ACTUAL", 50), told("ACTUAL", 100), told("FORECASTED", 100)],
    });
  }

  private topic(email: string): CfnTopic {
    const topic = new CfnTopic(this, "Topic", { subscription: [{ protocol: "email", endpoint: email }] });
    new CfnTopicPolicy(this, "TopicPolicy", {
      topics: [topic.ref],
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Alarms",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: topic.ref,
            Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
          },
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: topic.ref,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    });
    return topic;
  }
}
