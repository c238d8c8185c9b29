import { GetProductsCommand } from "@aws-sdk/client-pricing";
import { z } from "zod";
import { type Clock, dayMs } from "#course/clock.ts";
import { abortable } from "../abortable.ts";
import { rethrow } from "./api-errors.ts";
import type { Ec2Api } from "./ec2-api.ts";

/** What AWS's price list says of one type, in so far as it matters here: dollars an hour. */
const listed = z.object({
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.object({
        priceDimensions: z.record(
          z.string(),
          z.object({ unit: z.string(), pricePerUnit: z.object({ USD: z.coerce.number().min(0) }) }),
        ),
      }),
    ),
  }),
});

interface Known {
  at: Date;
  /** null: the list has none. */
  usdPerHour: number | null;
}

/** On-demand prices of Linux instances in one region, from AWS's price list, which changes with the years. */
export class OnDemandPrices {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly api: Pick<Ec2Api, "pricing">,
    private readonly region: string,
    private readonly clock: Clock,
  ) {}

  /** USD an hour by type, the same in every zone, of those that have a price. Throws LaunchError. */
  async read(types: readonly string[], signal?: AbortSignal): Promise<(type: string) => number | null> {
    const now = this.clock();
    const isFresh = (known: Known | undefined) =>
      known !== undefined && Math.abs(now.getTime() - known.at.getTime()) < dayMs;
    const unknown = types.filter((type) => !isFresh(this.#known.get(type)));
    await Promise.all(
      unknown.map(async (type) => {
        const usdPerHour = await this.#ask(type, signal).catch((error: unknown) =>
          rethrow(error, "The on-demand prices could not be read"),
        );
        this.#known.set(type, { at: now, usdPerHour });
      }),
    );
    return (type) => this.#known.get(type)?.usdPerHour ?? null;
  }

  async #ask(type: string, signal?: AbortSignal): Promise<number | null> {
    const filters = {
      ...{ instanceType: type, regionCode: this.region, operatingSystem: "Linux" },
      ...{ tenancy: "Shared", preInstalledSw: "NA", capacitystatus: "Used" },
    };
    const { PriceList = [] } = await this.api.pricing.send(
      new GetProductsCommand({
        ServiceCode: "AmazonEC2",
        Filters: Object.entries(filters).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
      }),
      abortable(signal),
    );
    const prices = PriceList.flatMap((text: unknown) =>
      Object.values(listed.parse(JSON.parse(String(text))).terms.OnDemand).flatMap(({ priceDimensions }) =>
        Object.values(priceDimensions).flatMap(({ unit, pricePerUnit: { USD } }) =>
          unit === "Hrs" && USD > 0 ? [USD] : [],
        ),
      ),
    );
    return prices.length === 0 ? null : Math.max(...prices);
  }
}
