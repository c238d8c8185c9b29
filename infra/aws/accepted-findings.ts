/** A finding of cdk-nag's AWS Solutions rules that stays, where, and why. */
export interface AcceptedFinding {
  rule: string;
  /** Paths below the stack. */
  on: string[];
  reason: string;
}

const inEc2 = (kind: string) => `Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:${kind}/*`;
const ofNobody = (kind: string) => `Resource::arn:<AWS::Partition>:ec2:<AWS::Region>::${kind}/*`;

/** Ids of what is yet to be made are not known, so that conditions say which of them may be. */
const wildcards: [resource: string, on: string[], reason: string][] = [
  [
    inEc2("instance"),
    ["Schedules/Policy", "Reaper/Policy", "LaunchPolicy", "ImagesPolicy"],
    "Instances are made and ended by the hour; each statement asks for the installation's tag.",
  ],
  [
    inEc2("volume"),
    ["LaunchPolicy", "ImagesPolicy"],
    "Made with its instance; it must be tagged, and of a machine also encrypted, gp3 and small.",
  ],
  [
    inEc2("network-interface"),
    ["LaunchPolicy", "ImagesPolicy"],
    "Made with its instance, whose subnet and security group are named by their ids.",
  ],
  [inEc2("fleet"), ["LaunchPolicy"], "Made by the call itself, which must tag it."],
  [
    inEc2("spot-instances-request"),
    ["LaunchPolicy"],
    "Made with its instance, which the statements on instances judge.",
  ],
  [
    ofNobody("image"),
    ["LaunchPolicy", "ImagesPolicy"],
    "Images are made anew every few weeks; the installation's tag, or Debian as owner, is asked for.",
  ],
  [ofNobody("snapshot"), ["ImagesPolicy"], "Made with its image; the installation's tag is asked for."],
  ["Resource::<Bucket.Arn>/*", ["DataPolicy"], "Every file in this one bucket is Drydock's."],
  [
    "Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<AWS::StackName>-machines/*",
    ["DataPolicy"],
    "A schedule a machine, all in this one group.",
  ],
  [
    "Resource::<Bucket.Arn>/machine-images/*",
    ["ImagesPolicy"],
    "What builders of images fetch lies in this folder alone, under a new name each time.",
  ],
  [
    "Resource::*",
    ["Reaper/Policy", "LaunchPolicy", "DataPolicy", "ImagesPolicy"],
    "Listing and describing, for which AWS knows no resources.",
  ],
];

export const acceptedFindings: AcceptedFinding[] = [
  {
    rule: "AwsSolutions-VPC7",
    on: ["Network/Vpc", "Builder/Network/Vpc"],
    reason:
      "Machines reach Drydock and one bucket, the builder the web, and nobody reaches them: a log of flows costs more than it tells.",
  },
  {
    rule: "AwsSolutions-S1",
    on: ["Bucket"],
    reason:
      "The controller alone signs links, for minutes; who reads what is in the site's own audit. A log bucket would need one too.",
  },
  ...wildcards.map(([resource, on, reason]) => ({ rule: `AwsSolutions-IAM5[${resource}]`, on, reason })),
];
