import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from "aws-cdk-lib/aws-ec2";
import { Fn, Tags } from "aws-cdk-lib/core";
import { Construct } from "constructs";

/**
 * A network of public subnets, one each in the first zones: machines have an address of their own for what they call, which costs a
 * ninth of a NAT gateway that is always there. What may be called, and that nobody calls in, is the security group's.
 */
export class PublicNetwork extends Construct {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly subnetIds: string[];

  constructor(scope: Construct, id: string, settings: { name: string; cidr: string; subnets: string[] }) {
    super(scope, id);
    const vpc = new CfnVPC(this, "Vpc", {
      cidrBlock: settings.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    Tags.of(vpc).add("Name", settings.name);
    const gateway = new CfnInternetGateway(this, "Gateway");
    const attached = new CfnVPCGatewayAttachment(this, "GatewayAttachment", {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    const routes = new CfnRouteTable(this, "Routes", { vpcId: vpc.ref });
    const out = new CfnRoute(this, "RouteOut", {
      routeTableId: routes.ref,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.ref,
    });
    out.addResourceDependency(attached);
    this.subnetIds = settings.subnets.map((cidrBlock, zone) => {
      const subnet = new CfnSubnet(this, `Subnet${zone + 1}`, {
        vpcId: vpc.ref,
        availabilityZone: Fn.select(zone, Fn.getAzs()),
        cidrBlock,
        mapPublicIpOnLaunch: true,
      });
      new CfnSubnetRouteTableAssociation(this, `Subnet${zone + 1}Routes`, {
        subnetId: subnet.ref,
        routeTableId: routes.ref,
      });
      return subnet.ref;
    });
    this.vpcId = vpc.ref;
    this.routeTableId = routes.ref;
  }
}
