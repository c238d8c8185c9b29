import { type _InstanceType, paginateDescribeSpotPriceHistory } from "@aws-sdk/client-ec2";
import type { Clock } from "#course/clock.ts";
import { abortable } from "../abortable.ts";
import { rethrow } from "./api-errors.ts";
import type { Ec2Api } from "./ec2-api.ts";

/** How old what is booked may be: spot prices move over hours. */
const knownForMs = 300_000;

interface Known {
  at: Date;
  /** That were asked for, with a price or without. */
  types: readonly string[];
  /** USD an hour, by type and zone. */
  spot: Map<string, number>;
}

/** Spot prices as they are in force, from the price history. */
export class SpotPrices {
  #known: Known | null = null;

  constructor(
    private readonly api: Ec2Api,
    private readonly clock: Clock,
  ) {}

  /** USD an hour by type and zone, of those that have a price. Throws LaunchError. */
  async read(
    types: readonly string[],
    signal?: AbortSignal,
  ): Promise<(type: string, zone: string) => number | null> {
    const now = this.clock();
    const known = this.#known;
    const isFresh = known !== null && Math.abs(now.getTime() - known.at.getTime()) < knownForMs;
    const isKnown = isFresh && types.every((type) => known.types.includes(type));
    // With those of before, or machines of two kinds would have them read anew at each launch.
    const all = [...new Set([...(known?.types ?? []), ...types])];
    const { spot } = isKnown ? known : await this.#ask(all, now, signal);
    return (type, zone) => spot.get(`${type} ${zone}`) ?? null;
  }

  async #ask(types: readonly string[], now: Date, signal?: AbortSignal): Promise<Known> {
    const spot = new Map<string, number>();
    const newest = new Map<string, number>();
    const pages = paginateDescribeSpotPriceHistory(
      { client: this.api.reading },
      // Of the instant itself: the price in force for each type and zone.
      {
        InstanceTypes: [...types] as _InstanceType[],
        ProductDescriptions: ["Linux/UNIX"],
        StartTime: now,
      },
      abortable(signal),
    );
    try {
      for await (const { SpotPriceHistory } of pages)
        for (const { InstanceType, AvailabilityZone, SpotPrice, Timestamp } of SpotPriceHistory ?? []) {
          const key = `${InstanceType} ${AvailabilityZone}`;
          const at = Timestamp?.getTime() ?? 0;
          const price = Number(SpotPrice);
          if (!Number.isFinite(price) || at < (newest.get(key) ?? -Infinity)) continue;
          newest.set(key, at);
          spot.set(key, price);
        }
    } catch (error) {
      rethrow(error, "The spot prices could not be read");
    }
    this.#known = { at: now, types, spot };
    return this.#known;
  }
}
