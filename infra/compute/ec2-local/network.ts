import type { MotoApi } from "./moto/moto-api.ts";
import { findXml, xmlText } from "./proxy/xml.ts";

/** What the stack of a real deployment makes, here made by plain calls. */
export interface LocalNetwork {
  vpcId: string;
  subnets: { id: string; zone: string }[];
  securityGroupId: string;
}

export interface LocalTemplate {
  id: string;
  name: string;
  version: string;
}

const machineTag = { Key: "drydock:local", Value: "ec2-local" };

/** A network with a public subnet in each zone and a group that lets nothing in. */
export async function makeNetwork(moto: MotoApi, zones: string[]): Promise<LocalNetwork> {
  const vpc = await moto.ec2("CreateVpc", { CidrBlock: "10.20.0.0/16" });
  const vpcId = xmlText(vpc, "vpc", "vpcId");
  const subnets: LocalNetwork["subnets"] = [];
  for (const [index, zone] of zones.entries()) {
    const made = await moto.ec2("CreateSubnet", {
      VpcId: vpcId,
      CidrBlock: `10.20.${index * 16}.0/20`,
      AvailabilityZone: zone,
    });
    const id = xmlText(made, "subnet", "subnetId");
    await moto.ec2("ModifySubnetAttribute", { SubnetId: id, MapPublicIpOnLaunch: { Value: "true" } });
    subnets.push({ id, zone });
  }
  const group = await moto.ec2("CreateSecurityGroup", {
    VpcId: vpcId,
    GroupName: "drydock-machines",
    GroupDescription: "Machines of Drydock",
  });
  return { vpcId, subnets, securityGroupId: xmlText(group, "groupId") };
}

/** An image of ours with these tags, as one that was built; its root volume is /dev/xvda. */
export async function registerImage(
  moto: MotoApi,
  image: { name: string; tags: Record<string, string> },
): Promise<string> {
  const made = await moto.ec2("RegisterImage", {
    Name: image.name,
    Architecture: "x86_64",
    VirtualizationType: "hvm",
    RootDeviceName: "/dev/xvda",
    EnaSupport: "true",
    BlockDeviceMapping: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: "12", VolumeType: "gp3" } }],
  });
  const imageId = xmlText(made, "imageId");
  // moto takes no tags in the call itself.
  await moto.ec2("CreateTags", {
    ResourceId: [imageId],
    Tag: Object.entries({ ...image.tags, [machineTag.Key]: machineTag.Value }).map(([Key, Value]) => ({
      Key,
      Value,
    })),
  });
  return imageId;
}

/** As the real one: metadata v2 only and no hop further, no role, power-off terminates, the volume goes with it. */
export async function makeLaunchTemplate(
  moto: MotoApi,
  template: { name: string; imageId: string; securityGroupId: string },
): Promise<LocalTemplate> {
  const made = await moto.ec2("CreateLaunchTemplate", {
    LaunchTemplateName: template.name,
    LaunchTemplateData: {
      ImageId: template.imageId,
      InstanceInitiatedShutdownBehavior: "terminate",
      SecurityGroupId: [template.securityGroupId],
      MetadataOptions: {
        HttpTokens: "required",
        HttpPutResponseHopLimit: "1",
        HttpEndpoint: "enabled",
        InstanceMetadataTags: "disabled",
      },
      BlockDeviceMapping: [
        {
          DeviceName: "/dev/xvda",
          Ebs: { VolumeSize: "12", VolumeType: "gp3", Encrypted: "true", DeleteOnTermination: "true" },
        },
      ],
    },
  });
  const found = findXml(made, "launchTemplate");
  return {
    id: xmlText(found, "launchTemplateId"),
    name: template.name,
    version: xmlText(found, "latestVersionNumber"),
  };
}
