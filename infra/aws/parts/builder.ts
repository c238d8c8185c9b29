import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { PublicNetwork } from "./network.ts";

/** Where machine images are made: it needs the internet's packages, so it shares no network with machines. */
export class BuilderPlace extends Construct {
  readonly subnetId: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    const network = new PublicNetwork(this, "Network", {
      name,
      cidr: "10.91.0.0/24",
      subnets: ["10.91.0.0/24"],
    });
    const out = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port, cidrIp: "0.0.0.0/0" });
    const group = new CfnSecurityGroup(this, "Group", {
      vpcId: network.vpcId,
      groupDescription: "Drydock image builder: nothing in, out to the web",
      securityGroupEgress: [out(80), out(443)],
    });
    this.subnetId = network.subnetIds[0] as string;
    this.securityGroupId = group.ref;
  }
}
