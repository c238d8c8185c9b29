import { CfnLaunchTemplate } from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import { writeTags } from "#infra/compute/ec2/tags.ts";
import type { StackSettings } from "../stack-settings.ts";

/**
 * What every machine is: no role, metadata by token and one hop, so that no container of a student's reads it; powering
 * off ends it, and its encrypted volume with it. Image, types, subnets, market and user data come with each launch.
 */
export function launchTemplate(scope: Construct, settings: StackSettings, securityGroupId: string) {
  const tags = writeTags({ installation: settings.installation, deployment: settings.deployment });
  return new CfnLaunchTemplate(scope, "Machine", {
    launchTemplateData: {
      securityGroupIds: [securityGroupId],
      instanceInitiatedShutdownBehavior: "terminate",
      disableApiTermination: false,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        httpProtocolIpv6: "disabled",
        instanceMetadataTags: "disabled",
      },
      blockDeviceMappings: [
        {
          // The root of Debian's images.
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: settings.volumeGib,
            encrypted: true,
            deleteOnTermination: true,
          },
        },
      ],
      tagSpecifications: [
        // Instance, volume and fleet are tagged by the launch itself; nothing but the template can tag this.
        {
          resourceType: "network-interface",
          tags: tags.map(({ Key: key = "", Value: value = "" }) => ({ key, value })),
        },
      ],
    },
  });
}
