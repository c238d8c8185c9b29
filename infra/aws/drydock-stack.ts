import { CfnManagedPolicy, CfnUser } from "aws-cdk-lib/aws-iam";
import { BootstraplessSynthesizer, CfnOutput, Fn, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Alarms } from "./parts/alarms.ts";
import { submissionsBucket } from "./parts/bucket.ts";
import { BuilderPlace } from "./parts/builder.ts";
import { dataPolicy } from "./parts/controller/data-policy.ts";
import { imagesPolicy } from "./parts/controller/images-policy.ts";
import { launchPolicy } from "./parts/controller/launch-policy.ts";
import { launchTemplate } from "./parts/launch-template.ts";
import { PublicNetwork } from "./parts/network.ts";
import { Interruptions } from "./parts/queues.ts";
import { ReaperFunction } from "./parts/reaper-function.ts";
import { Schedules } from "./parts/schedules.ts";
import { Wall } from "./parts/wall.ts";
import type { OutputName } from "./stack-outputs.ts";
import type { StackSettings } from "./stack-settings.ts";

/** Of machines, one a zone, with a thousand addresses each. */
const subnets = ["10.90.0.0/22", "10.90.4.0/22", "10.90.8.0/22"];

/** Everything of a Drydock in one account and region, and what it says of itself. */
export class DrydockStack extends Stack {
  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id, {
      synthesizer: new BootstraplessSynthesizer(),
      description: `Drydock ${settings.deployment}: machines that grade submissions`,
    });
    const name = `drydock ${settings.deployment}`;
    const network = new PublicNetwork(this, "Network", { name, cidr: "10.90.0.0/20", subnets });
    const bucket = submissionsBucket(this);
    const { securityGroupId } = new Wall(this, "Wall", settings, network, bucket);
    const template = launchTemplate(this, settings, securityGroupId);
    const interruptions = new Interruptions(this, "Interruptions");
    const schedules = new Schedules(
      this,
      "Schedules",
      settings.installation,
      interruptions.deadLetters.attrArn,
    );
    const builder = new BuilderPlace(this, "Builder", `${name} images`);
    const reaper = new ReaperFunction(this, "Reaper", settings.installation);
    new Alarms(this, "Alarms", settings, reaper.functionName);

    const { subnetIds } = network;
    const user = new CfnUser(this, "Controller", {
      managedPolicyArns: [
        this.policy(
          "LaunchPolicy",
          launchPolicy(settings, { launchTemplateId: template.ref, subnetIds, securityGroupId }),
        ),
        this.policy(
          "DataPolicy",
          dataPolicy({
            bucketArn: bucket.attrArn,
            queueArn: interruptions.queue.attrArn,
            scheduleGroupName: schedules.groupName,
            schedulerRoleArn: schedules.role.attrArn,
          }),
        ),
      ],
    });
    this.say({
      Installation: settings.installation,
      LaunchTemplateId: template.ref,
      LaunchTemplateVersion: template.attrLatestVersionNumber,
      SubnetIds: Fn.join(",", subnetIds),
      SecurityGroupId: securityGroupId,
      InstanceTypes: settings.instanceTypes.join(","),
      VolumeGib: String(settings.volumeGib),
      FleetMax: String(settings.caps.machines),
      SpotVcpus: String(settings.caps.vcpus),
      BucketName: bucket.ref,
      InterruptionQueueUrl: interruptions.queue.ref,
      ScheduleGroupName: schedules.groupName,
      SchedulerRoleArn: schedules.role.attrArn,
      ScheduleDeadLetterArn: interruptions.deadLetters.attrArn,
      ControllerUserName: user.ref,
      ImagesPolicyArn: this.policy(
        "ImagesPolicy",
        imagesPolicy(settings, {
          subnetId: builder.subnetId,
          securityGroupId: builder.securityGroupId,
          bucketArn: bucket.attrArn,
        }),
      ),
      BuilderSubnetId: builder.subnetId,
      BuilderSecurityGroupId: builder.securityGroupId,
    });
  }

  private policy(id: string, policyDocument: object): string {
    return new CfnManagedPolicy(this, id, { policyDocument }).ref;
  }

  private say(outputs: Record<OutputName, string>) {
    for (const [key, value] of Object.entries(outputs))
      new CfnOutput(this, `Says${key}`, { value }).overrideLogicalId(key);
  }
}
