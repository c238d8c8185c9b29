import { randomBytes } from "node:crypto";
import type { Monotonic } from "#course/clock.ts";
import type { MotoApi } from "../moto/moto-api.ts";
import { ApiFailure } from "./api-failure.ts";
import type { Capacity } from "./capacity.ts";
import { type Form, formIn, listIn, textIn } from "./form.ts";
import type { InstanceHooks } from "./hooks.ts";
import type { KnownInstances, Pool } from "./known-instances.ts";
import { describeLaunched } from "./launched-instance.ts";
import type { LookUps } from "./look-ups.ts";
import { findXml, setXml, type XmlElement, xmlText } from "./xml.ts";

const userDataLimit = 16_384;

export interface LaunchContext {
  moto: MotoApi;
  instances: KnownInstances;
  capacity: Capacity;
  hooks: InstanceHooks;
  now: Monotonic;
  /** For how long a new instance is missing from lists, in ms. */
  invisibleMs: () => number;
  /** Images that were deregistered: moto would still launch them. */
  goneImages: Set<string>;
  lookUp: LookUps;
}

/** A launch that says everything itself and names no template, and where its instances would come from. */
export interface PlannedLaunch {
  launch: Form;
  pool: Pool;
  vcpus: number;
}

/** Throws ApiFailure for what no pool could change: user data, the image, the subnet, the type. */
export async function planLaunch(context: LaunchContext, launch: Form): Promise<PlannedLaunch> {
  checkUserData(textIn(launch, "UserData"));
  const image = textIn(launch, "ImageId");
  if (image && context.goneImages.has(image)) {
    throw new ApiFailure("InvalidAMIID.NotFound", `The image id '[${image}]' does not exist`);
  }
  const type = textIn(launch, "InstanceType") ?? "m1.small";
  const market = textIn(launch, "InstanceMarketOptions", "MarketType") === "spot" ? "spot" : "on-demand";
  if (market === "on-demand" && tagsRequest(launch)) {
    throw new ApiFailure(
      "InvalidParameterValue",
      "'spot-instances-request' is not a valid taggable resource type for this operation.",
    );
  }
  return {
    launch,
    pool: { type, market, zone: await zoneOf(context, launch) },
    vcpus: await context.lookUp.vcpusOf(type),
  };
}

/** Makes `count` of them in moto and answers as RunInstances does. What cannot be had is thrown as ApiFailure. */
export async function launchInstances(
  context: LaunchContext,
  { launch, pool, vcpus }: PlannedLaunch,
  count: number,
): Promise<XmlElement> {
  const refused = context.capacity.refusalOf(pool, vcpus, count);
  if (refused) throw refused;
  const answer = await context.capacity.holding({ pool, vcpus, count }, () =>
    context.moto.ec2("RunInstances", { ...launch, MinCount: String(count), MaxCount: String(count) }),
  );
  for (const item of findXml(answer, "instancesSet")?.children ?? []) {
    const id = xmlText(item, "instanceId");
    if (pool.market === "spot") setXml(item, "spotInstanceRequestId", spotRequestOf(id));
    context.instances.add({
      id,
      pool,
      vcpus,
      token: textIn(launch, "ClientToken") ?? null,
      shutdownBehaviour:
        textIn(launch, "InstanceInitiatedShutdownBehavior") === "terminate" ? "terminate" : "stop",
      visibleFrom: context.now() + context.invisibleMs(),
      ending: null,
      stopped: null,
      forgotten: false,
    });
    context.hooks.launched(describeLaunched(item, launch, pool));
  }
  return answer;
}

/** The id of the spot request that an instance came from. */
export function spotRequestOf(instanceId: string): string {
  return `sir-${instanceId.slice(2, 10)}`;
}

/** An id of EC2's form, such as `fleet-…`. */
export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`;
}

function checkUserData(encoded: string | undefined): void {
  if (encoded === undefined) return;
  const raw = Buffer.from(encoded, "base64");
  if (raw.toString("base64").replace(/=+$/, "") !== encoded.replace(/\s|=+$/g, "")) {
    throw new ApiFailure("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  if (raw.length > userDataLimit) {
    throw new ApiFailure("InvalidParameterValue", `User data is limited to ${userDataLimit} bytes`);
  }
}

function tagsRequest(launch: Form): boolean {
  return listIn(launch, "TagSpecification").some(
    (one) => textIn(one, "ResourceType") === "spot-instances-request",
  );
}

async function zoneOf(context: LaunchContext, launch: Form): Promise<string> {
  const [firstInterface] = listIn(launch, "NetworkInterface");
  const subnet = textIn(firstInterface, "SubnetId") ?? textIn(launch, "SubnetId");
  if (subnet) return context.lookUp.zoneOfSubnet(subnet);
  return textIn(formIn(launch, "Placement"), "AvailabilityZone") ?? `${context.moto.region}a`;
}
