import { type Form, filtersIn, matchesAny, textIn, textsIn } from "../form.ts";
import { type XmlElement, xml } from "../xml.ts";

const linux = "Linux/UNIX";
/** Of a pool for which no price was set: dollars an hour. */
const usualPrice = 0.04;
const historyMs = 90 * 86_400_000;

interface PriceChange {
  type: string;
  zone: string;
  /** Dollars an hour. */
  price: number;
  from: Date;
}

/** The history that DescribeSpotPriceHistory tells: 90 days, by type and zone. */
export function createSpotPrices(now: () => Date, zones: () => string[]) {
  let changes: PriceChange[] = [];
  const ofPool = (type: string, zone: string): PriceChange[] => {
    const set = changes.filter((one) => one.type === type && one.zone === zone);
    const since = new Date(now().getTime() - historyMs);
    return set.length > 0 ? set : [{ type, zone, price: usualPrice, from: since }];
  };

  /** The newest first; of what was before `start` only the price that was still in force. */
  const between = (type: string, zone: string, start: Date, end: Date): PriceChange[] => {
    const newestFirst = ofPool(type, zone)
      .filter((one) => one.from <= end)
      .sort((a, b) => b.from.getTime() - a.from.getTime());
    const inForce = newestFirst.findIndex((one) => one.from <= start);
    return inForce < 0 ? newestFirst : newestFirst.slice(0, inForce + 1);
  };

  return {
    /** Dollars an hour from an instant on, now if none is named. */
    set: ({ type, zone }: { type: string; zone: string }, price: number, from = now()) => {
      const isSame = (one: PriceChange) =>
        one.type === type && one.zone === zone && one.from.getTime() === from.getTime();
      changes = [...changes.filter((one) => !isSame(one)), { type, zone, price, from }];
    },
    current: (type: string, zone: string): number =>
      between(type, zone, now(), now())[0]?.price ?? usualPrice,
    describe(form: Form): XmlElement {
      const filters = filtersIn(form);
      const valuesOf = (name: string) => filters.find((one) => one.name === name)?.values;
      const typePatterns = [...textsIn(form, "InstanceType"), ...(valuesOf("instance-type") ?? [])];
      const known = [...new Set([...changes.map((one) => one.type), ...textsIn(form, "InstanceType")])];
      const zone = textIn(form, "AvailabilityZone");
      const zonePatterns = zone ? [zone] : (valuesOf("availability-zone") ?? ["*"]);
      const products = [...textsIn(form, "ProductDescription"), ...(valuesOf("product-description") ?? [])];
      const end = timeIn(form, "EndTime") ?? now();
      const start = timeIn(form, "StartTime") ?? new Date(now().getTime() - historyMs);
      const rows =
        products.length > 0 && !matchesAny(products, linux)
          ? []
          : known
              .filter((type) => typePatterns.length === 0 || matchesAny(typePatterns, type))
              .flatMap((type) =>
                zones()
                  .filter((one) => matchesAny(zonePatterns, one))
                  .flatMap((one) => between(type, one, start, end)),
              )
              .sort((a, b) => b.from.getTime() - a.from.getTime());
      return page(rows, form);
    },
    clear: () => {
      changes = [];
    },
  };
}

export type SpotPrices = ReturnType<typeof createSpotPrices>;

function timeIn(form: Form, name: string): Date | undefined {
  const text = textIn(form, name);
  return text === undefined ? undefined : new Date(text);
}

function page(rows: PriceChange[], form: Form): XmlElement {
  const offset = Number(textIn(form, "NextToken") ?? 0);
  const end = offset + Number(textIn(form, "MaxResults") ?? 1000);
  return xml("DescribeSpotPriceHistoryResponse", [
    xml("requestId", "local-ec2"),
    xml(
      "spotPriceHistorySet",
      rows
        .slice(offset, end)
        .map((row) =>
          xml("item", [
            xml("instanceType", row.type),
            xml("productDescription", linux),
            xml("spotPrice", row.price.toFixed(6)),
            xml("timestamp", row.from.toISOString()),
            xml("availabilityZone", row.zone),
          ]),
        ),
    ),
    xml("nextToken", end < rows.length ? String(end) : ""),
  ]);
}
