import { tagKeys } from "#infra/compute/ec2/tags.ts";
import type { Ask } from "./ask-iam.ts";
import { ec2, ec2Public } from "./ask-iam.ts";
import { installation } from "./stack-of-test.ts";

type Context = NonNullable<Ask["context"]>;
/** Of one launch, by the kind of thing that AWS asks about. */
export type LaunchAsks = Record<string, Ask>;

export interface Place {
  template: string;
  subnet: string;
  group: string;
}

const request = (name: keyof typeof tagKeys, value: string): Context => ({
  [`aws:RequestTag/${tagKeys[name]}`]: value,
});

/** Tags as each launch gives them. */
const tagged: Context = {
  ...request("installation", installation),
  ...request("machine", "mac_1"),
  ...request("leaseUntil", "2026-11-29T04:00:00.000Z"),
};
const imageOfOurs: Context = { [`aws:ResourceTag/${tagKeys.installation}`]: installation };

/** What AWS asks of RunInstances for a machine as it is launched: each resource singly. */
export function askRun(place: Place): LaunchAsks {
  const byTemplate = { "ec2:LaunchTemplate": ec2(`launch-template/${place.template}`) };
  const ask = (resource: string, context: Context = {}): Ask => ({
    action: "ec2:RunInstances",
    resource,
    context: { ...byTemplate, ...context },
  });
  return {
    instance: ask(ec2("instance/*"), {
      ...tagged,
      "ec2:InstanceType": "c7a.large",
      "ec2:MetadataHttpTokens": "required",
      "ec2:MetadataHttpPutResponseHopLimit": "1",
      "ec2:Tenancy": "default",
      "ec2:InstanceMarketType": "spot",
    }),
    volume: ask(ec2("volume/*"), {
      ...tagged,
      "ec2:Encrypted": "true",
      "ec2:VolumeType": "gp3",
      "ec2:VolumeSize": "16",
    }),
    "network-interface": ask(ec2("network-interface/*")),
    subnet: ask(ec2(`subnet/${place.subnet}`)),
    "security-group": ask(ec2(`security-group/${place.group}`)),
    image: ask(ec2Public("image/ami-0123456789abcdef0"), imageOfOurs),
    "launch-template": ask(ec2(`launch-template/${place.template}`)),
    "spot-instances-request": {
      action: "ec2:RunInstances",
      resource: ec2("spot-instances-request/*"),
    },
  };
}

/** The same of CreateFleet. */
export function askFleet(place: Place): LaunchAsks {
  const ask = (resource: string, context: Context = {}): Ask => ({
    action: "ec2:CreateFleet",
    resource,
    context,
  });
  return {
    fleet: ask(ec2("fleet/*"), tagged),
    instance: ask(ec2("instance/*"), { ...tagged, "ec2:InstanceType": "c7a.large" }),
    volume: ask(ec2("volume/*"), tagged),
    subnet: ask(ec2(`subnet/${place.subnet}`)),
    image: ask(ec2Public("image/ami-0123456789abcdef0"), imageOfOurs),
    "launch-template": ask(ec2(`launch-template/${place.template}`)),
  };
}

/** A launch that differs in one thing; undefined takes a context key away. */
export function changed(
  asks: LaunchAsks,
  kind: string,
  change: { resource?: string; context?: Record<string, string | undefined> },
): LaunchAsks {
  const before = asks[kind];
  if (before === undefined) throw new Error(`no ${kind} in this launch`);
  const context = Object.fromEntries(
    Object.entries({ ...before.context, ...change.context }).filter(([, value]) => value !== undefined),
  ) as Context;
  return { ...asks, [kind]: { ...before, resource: change.resource ?? before.resource, context } };
}
