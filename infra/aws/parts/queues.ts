import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnQueue, CfnQueuePolicy } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

const daySeconds = 86_400;

/** What EC2 says of spot instances, in a queue for the worker; what it cannot read five times lies two weeks. */
export class Interruptions extends Construct {
  readonly queue: CfnQueue;
  /** Also of schedules that could not end their machine. */
  readonly deadLetters: CfnQueue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetters = new CfnQueue(this, "DeadLetters", {
      messageRetentionPeriod: 14 * daySeconds,
      sqsManagedSseEnabled: true,
    });
    this.queue = new CfnQueue(this, "Queue", {
      // A notice is two minutes ahead of the end: one that is older only says what the instance's state says too.
      messageRetentionPeriod: 3600,
      visibilityTimeout: 30,
      sqsManagedSseEnabled: true,
      redrivePolicy: { deadLetterTargetArn: this.deadLetters.attrArn, maxReceiveCount: 5 },
    });
    const rule = new CfnRule(this, "Rule", {
      description: "Spot interruptions and rebalance recommendations for Drydock",
      eventPattern: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation"],
      },
      targets: [
        { id: "queue", arn: this.queue.attrArn, deadLetterConfig: { arn: this.deadLetters.attrArn } },
      ],
    });
    const mayWrite = (arn: string) => ({
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": rule.attrArn } },
    });
    for (const [name, queue] of [
      ["Queue", this.queue],
      ["DeadLetters", this.deadLetters],
    ] as const)
      new CfnQueuePolicy(this, `${name}Policy`, {
        queues: [queue.ref],
        policyDocument: {
          Version: "2012-10-17",
          Statement: [
            mayWrite(queue.attrArn),
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "sqs:*",
              Resource: queue.attrArn,
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        },
      });
  }
}
