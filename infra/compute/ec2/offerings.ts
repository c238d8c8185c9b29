import {
  DescribeSubnetsCommand,
  type FleetLaunchTemplateOverrides,
  paginateDescribeInstanceTypeOfferings,
} from "@aws-sdk/client-ec2";
import type { Clock } from "#course/clock.ts";
import { LaunchError, type Market, type Offering } from "#grading/machines/provider.ts";
import { abortable } from "../abortable.ts";
import { rethrow } from "./api-errors.ts";
import type { Ec2Api } from "./ec2-api.ts";

/** What is not to be had is asked for again after this time. */
const unavailableMs = 180_000;
/** What the region offers changes with the years. */
const knownForMs = 3_600_000;

interface Known {
  at: Date;
  /** Subnets by their zone. */
  subnets: Map<string, string>;
  /** Zones by type. */
  zones: Map<string, Set<string>>;
}

/** A type in a zone, and the subnet by which it is asked for. */
export interface Place {
  type: string;
  zone: string;
  subnetId: string;
}

/** Which types can be had where: as the region offers them, without what was refused within three minutes. */
export class Offerings {
  #known: Promise<Known> | null = null;
  readonly #refusedAt = new Map<string, Date>();

  constructor(
    private readonly api: Ec2Api,
    private readonly settings: { region: string; subnets: readonly string[] },
    private readonly clock: Clock,
  ) {}

  /**
   * Of these types, wherever the region has them. Throws LaunchError: misconfigured where it has none of them, or a
   * subnet is gone; insufficient-capacity while each of them was refused lately.
   */
  async places(types: readonly string[], market: Market, signal?: AbortSignal): Promise<Place[]> {
    const { subnets, zones } = await this.#read(types, signal);
    const offered = types.flatMap((type) =>
      [...(zones.get(type) ?? [])].flatMap((zone) => {
        const subnetId = subnets.get(zone);
        return subnetId === undefined ? [] : [{ type, zone, subnetId }];
      }),
    );
    if (offered.length === 0) {
      const where = [...subnets.keys()].join(", ");
      throw new LaunchError(
        "misconfigured",
        `The region ${this.settings.region} has none of ${types.join(", ")} in ${where}. Set DRYDOCK_EC2_TYPES to types that it has.`,
        { trouble: "instance-type" },
      );
    }
    const left = offered.filter((place) => !this.#isRefused({ ...place, market }));
    if (left.length > 0) return left;
    throw new LaunchError(
      "insufficient-capacity",
      `No ${market} instance of ${types.join(", ")} is to be had now.`,
      {
        trouble: "capacity",
      },
    );
  }

  /** Remembers what was refused; subnets are named where the zone is not. */
  refuse(override: FleetLaunchTemplateOverrides | undefined, places: readonly Place[], market: Market): void {
    const { InstanceType: type, SubnetId, AvailabilityZone } = override ?? {};
    for (const place of places)
      if (
        (type === undefined || place.type === type) &&
        (SubnetId === undefined || place.subnetId === SubnetId) &&
        (AvailabilityZone === undefined || place.zone === AvailabilityZone)
      )
        this.#refusedAt.set(keyOf({ ...place, market }), this.clock());
  }

  #isRefused(offering: Offering): boolean {
    const at = this.#refusedAt.get(keyOf(offering));
    // Either way: the clock may have been set back.
    return at !== undefined && Math.abs(this.clock().getTime() - at.getTime()) < unavailableMs;
  }

  async #read(types: readonly string[], signal?: AbortSignal): Promise<Known> {
    const known = await this.#known?.catch(() => null);
    const isFresh = known && Math.abs(this.clock().getTime() - known.at.getTime()) < knownForMs;
    if (isFresh && types.every((type) => known.zones.has(type))) return known;
    const all = [...new Set([...(known?.zones.keys() ?? []), ...types])];
    this.#known = this.#ask(all, signal).catch((error: unknown) =>
      rethrow(error, "What the region offers could not be read"),
    );
    return this.#known;
  }

  async #ask(types: readonly string[], signal?: AbortSignal): Promise<Known> {
    const { reading: client } = this.api;
    const { Subnets } = await client.send(
      new DescribeSubnetsCommand({ SubnetIds: [...this.settings.subnets] }),
      abortable(signal),
    );
    const subnets = new Map(
      Subnets?.map(({ AvailabilityZone = "", SubnetId = "" }) => [AvailabilityZone, SubnetId]),
    );
    const zones = new Map<string, Set<string>>(types.map((type) => [type, new Set()]));
    const pages = paginateDescribeInstanceTypeOfferings(
      { client },
      { LocationType: "availability-zone", Filters: [{ Name: "instance-type", Values: [...types] }] },
      abortable(signal),
    );
    for await (const { InstanceTypeOfferings } of pages)
      for (const { InstanceType = "", Location = "" } of InstanceTypeOfferings ?? [])
        zones.get(InstanceType)?.add(Location);
    return { at: this.clock(), subnets, zones };
  }
}

const keyOf = ({ type, zone, market }: Offering) => `${type} ${zone} ${market}`;
