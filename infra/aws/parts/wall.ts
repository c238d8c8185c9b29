import { CfnSecurityGroup, CfnVPCEndpoint } from "aws-cdk-lib/aws-ec2";
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from "aws-cdk-lib/aws-route53resolver";
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Aws } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { StackSettings } from "../stack-settings.ts";
import type { PublicNetwork } from "./network.ts";

/**
 * What a machine may reach: Drydock on its port and, in S3, our bucket. The name server of a network answers whatever the
 * security group says, and a name can carry data out; so it answers for these names alone.
 */
export class Wall extends Construct {
  readonly securityGroupId: string;

  constructor(
    scope: Construct,
    id: string,
    settings: StackSettings,
    network: PublicNetwork,
    bucket: CfnBucket,
  ) {
    super(scope, id);
    const { controller } = settings;
    const group = new CfnSecurityGroup(this, "Group", {
      vpcId: network.vpcId,
      groupDescription: "Drydock machines: nothing in, out to Drydock and its bucket",
      securityGroupEgress: [
        ...controller.networks.map((cidrIp) => ({
          ipProtocol: "tcp",
          fromPort: controller.port,
          toPort: controller.port,
          cidrIp,
          description: "Drydock",
        })),
        {
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          destinationPrefixListId: settings.s3PrefixList,
          description: "S3, of which the endpoint lets our bucket pass",
        },
      ],
    });
    this.securityGroupId = group.ref;
    new CfnVPCEndpoint(this, "S3", {
      vpcId: network.vpcId,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${Aws.REGION}.s3`,
      routeTableIds: [network.routeTableId],
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: `${bucket.attrArn}/*`,
          },
        ],
      },
    });
    this.answerFor(
      [
        ...(controller.host === undefined ? [] : [controller.host]),
        bucket.attrRegionalDomainName,
        `s3.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      ],
      network.vpcId,
    );
  }

  private answerFor(names: string[], vpcId: string) {
    const known = new CfnFirewallDomainList(this, "KnownNames", { domains: names });
    const all = new CfnFirewallDomainList(this, "AllNames", { domains: ["*"] });
    const rules = new CfnFirewallRuleGroup(this, "Names", {
      firewallRules: [
        {
          action: "ALLOW",
          priority: 100,
          firewallDomainListId: known.ref,
          // A known name may be another's alias, such as a load balancer's.
          firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN",
        },
        { action: "BLOCK", blockResponse: "NXDOMAIN", priority: 200, firewallDomainListId: all.ref },
      ],
    });
    new CfnFirewallRuleGroupAssociation(this, "NamesOfNetwork", {
      firewallRuleGroupId: rules.ref,
      vpcId,
      priority: 101,
    });
  }
}
