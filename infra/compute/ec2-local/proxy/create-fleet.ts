import { ApiFailure } from "./api-failure.ts";
import { type Form, formIn, listIn, textIn } from "./form.ts";
import type { Market } from "./known-instances.ts";
import {
  type LaunchContext,
  launchInstances,
  newId,
  type PlannedLaunch,
  planLaunch,
} from "./launch-instances.ts";
import { mergeLaunch, readTemplate, type TemplateVersion } from "./launch-template.ts";
import type { SpotPrices } from "./prices/spot-prices.ts";
import { findXml, type XmlElement, xml, xmlFields, xmlText } from "./xml.ts";

/** One way to launch that the request allows: a template with one of its overrides. */
interface Choice {
  template: TemplateVersion;
  override: Form;
  planned: PlannedLaunch;
}

interface Refused {
  template: TemplateVersion;
  override: Form;
  failure: ApiFailure;
}

/**
 * CreateFleet of type instant. What some pools refuse comes in a good answer's errors, also when nothing could be
 * launched; only what is wrong with the request as a whole is thrown.
 */
export async function createFleet(
  context: LaunchContext,
  prices: SpotPrices,
  form: Form,
): Promise<XmlElement> {
  if (textIn(form, "Type") !== "instant") {
    throw new ApiFailure("LocalEc2Unsupported", "Only fleets of type instant are answered.", 501);
  }
  if (textIn(form, "DryRun") === "true") {
    throw new ApiFailure("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
  }
  const target = formIn(form, "TargetCapacitySpecification");
  const market: Market = textIn(target, "DefaultTargetCapacityType") === "spot" ? "spot" : "on-demand";
  const total = Number(textIn(target, "TotalTargetCapacity"));
  const fleetId = newId("fleet");
  const { choices, refused } = await planChoices(context, form, market, fleetId);

  const made: { choice: Choice; answer: XmlElement }[] = [];
  const lacking: Refused[] = [...refused];
  let missing = total;
  for (const choice of order(context, prices, choices, strategyOf(form, market))) {
    while (missing > 0) {
      try {
        made.push({ choice, answer: await launchInstances(context, choice.planned, 1) });
        missing -= 1;
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        lacking.push({ ...choice, failure: error });
        break;
      }
    }
  }
  return xml("CreateFleetResponse", [
    xml("requestId", "local-ec2"),
    xml("fleetId", fleetId),
    xml(
      "errorSet",
      lacking.map(({ template, override, failure }) =>
        xml("item", [
          describeChoice(template, override),
          xml("lifecycle", market),
          xml("errorCode", failure.code),
          xml("errorMessage", failure.message),
        ]),
      ),
    ),
    xml(
      "fleetInstanceSet",
      made.map(({ choice, answer }) => describeMade(choice, answer, market)),
    ),
  ]);
}

async function planChoices(context: LaunchContext, form: Form, market: Market, fleetId: string) {
  const choices: Choice[] = [];
  const refused: Refused[] = [];
  const fleetTags = listIn(form, "TagSpecification").filter(
    (one) => !["fleet", "spot-instances-request"].includes(textIn(one, "ResourceType") ?? ""),
  );
  for (const config of listIn(form, "LaunchTemplateConfigs")) {
    const specification = formIn(config, "LaunchTemplateSpecification");
    const template = await readTemplate(context.moto, specification);
    const userData = textIn(specification, "LaunchTemplateSpecificationUserData");
    const overrides = listIn(config, "Overrides");
    for (const override of (overrides.length > 0 ? overrides : [{}]) as Form[]) {
      const { MaxPrice, WeightedCapacity, Priority, AvailabilityZone, ...own } = override;
      const launch = mergeLaunch(template.launch, {
        ...own,
        ...(userData === undefined ? {} : { UserData: userData }),
        ...(AvailabilityZone === undefined
          ? {}
          : { Placement: { ...formIn(own, "Placement"), AvailabilityZone } }),
        ...(market === "spot" ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
        TagSpecification: [
          ...fleetTags,
          { ResourceType: "instance", Tag: [{ Key: "aws:ec2:fleet-id", Value: fleetId }] },
        ],
      });
      try {
        choices.push({ template, override, planned: await planLaunch(context, launch) });
      } catch (error) {
        if (!(error instanceof ApiFailure) || /user ?data/i.test(error.message)) throw error;
        refused.push({ template, override, failure: error });
      }
    }
  }
  return { choices, refused };
}

function strategyOf(form: Form, market: Market): string {
  return (
    textIn(formIn(form, market === "spot" ? "SpotOptions" : "OnDemandOptions"), "AllocationStrategy") ??
    "lowest-price"
  );
}

/** As the strategy asks for. A better pool without room is tried before, and is among the errors. */
function order(context: LaunchContext, prices: SpotPrices, choices: Choice[], strategy: string): Choice[] {
  const price = ({ planned: { pool } }: Choice) =>
    pool.market === "spot" ? prices.current(pool.type, pool.zone) : 0;
  const priority = ({ override }: Choice) => Number(textIn(override, "Priority") ?? Infinity);
  const compare = (a: Choice, b: Choice): number => {
    if (strategy.endsWith("prioritized")) return priority(a) - priority(b) || 0;
    if (strategy === "capacity-optimized") {
      return context.capacity.free(b.planned.pool) - context.capacity.free(a.planned.pool) || 0;
    }
    return price(a) - price(b);
  };
  return [...choices].sort(compare);
}

function describeMade(choice: Choice, answer: XmlElement, market: Market): XmlElement {
  const item = findXml(answer, "instancesSet", "item");
  return xml("item", [
    describeChoice(choice.template, choice.override),
    xml("lifecycle", market),
    xml("instanceIds", [xml("item", xmlText(item, "instanceId"))]),
    xml("instanceType", xmlText(item, "instanceType")),
    xml("availabilityZone", xmlText(item, "placement", "availabilityZone")),
    xml("subnetId", xmlText(item, "subnetId")),
  ]);
}

function describeChoice(template: TemplateVersion, override: Form): XmlElement {
  return xml("launchTemplateAndOverrides", [
    xml("launchTemplateSpecification", [
      xml("launchTemplateId", template.id),
      xml("version", template.version),
    ]),
    xml(
      "overrides",
      xmlFields({
        instanceType: textIn(override, "InstanceType"),
        subnetId: textIn(override, "SubnetId"),
        availabilityZone: textIn(override, "AvailabilityZone"),
        priority: textIn(override, "Priority"),
      }),
    ),
  ]);
}
