/** Of a type for which no price was set: dollars an hour. */
const usualPrice = 0.1;

/** The price list that GetProducts tells, which moto does not have: on-demand instances by type. */
export function createOnDemandPrices() {
  const prices = new Map<string, number | null>();

  return {
    /** Dollars an hour; null: the list does not have this type. */
    set: (type: string, price: number | null) => void prices.set(type, price),
    /** body: of a GetProducts for one type. */
    describe(body: Buffer): { FormatVersion: string; PriceList: string[] } {
      const { Filters = [] } = JSON.parse(body.toString("utf8") || "{}") as {
        Filters?: { Field: string; Value: string }[];
      };
      const type = Filters.find(({ Field }) => Field === "instanceType")?.Value ?? "";
      const price = prices.has(type) ? (prices.get(type) ?? null) : usualPrice;
      return { FormatVersion: "aws_v1", PriceList: price === null ? [] : [product(type, price)] };
    },
    clear: () => prices.clear(),
  };
}

/** As AWS writes it, in so far as it matters here: each product is a JSON text of its own. */
const product = (instanceType: string, price: number): string =>
  JSON.stringify({
    product: { productFamily: "Compute Instance", attributes: { instanceType }, sku: "LOCAL" },
    serviceCode: "AmazonEC2",
    terms: {
      OnDemand: {
        "LOCAL.JRTCKXETXF": {
          priceDimensions: {
            "LOCAL.JRTCKXETXF.6YS6EN2CT7": {
              unit: "Hrs",
              description: `$${price} per On Demand Linux ${instanceType} Instance Hour`,
              pricePerUnit: { USD: price.toFixed(10) },
            },
          },
        },
      },
    },
  });
