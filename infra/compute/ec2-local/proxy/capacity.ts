import { ApiFailure } from "./api-failure.ts";
import type { KnownInstances, Market, Pool } from "./known-instances.ts";

/** Pools that are alike in what it names; every pool when it names nothing. */
export type PoolPattern = Partial<Pool>;

interface CapacityRule {
  pattern: PoolPattern;
  limit: number;
  refusal: { code: string; message: string } | null;
}

/** How many instances the pools still give, and how many vCPUs the account may hold. Without a rule: without end. */
export function createCapacity(instances: KnownInstances) {
  let rules: CapacityRule[] = [];
  let quotas: Record<Market, number> = { spot: Infinity, "on-demand": Infinity };
  /** Of launches that moto has not answered yet. */
  const underWay: { pool: Pool; vcpus: number; count: number }[] = [];

  const held = (matches: (pool: Pool) => boolean, unit: (vcpus: number) => number) =>
    instances
      .alive()
      .filter((one) => matches(one.pool))
      .reduce((sum, one) => sum + unit(one.vcpus), 0) +
    underWay.filter((one) => matches(one.pool)).reduce((sum, one) => sum + one.count * unit(one.vcpus), 0);

  const ruleFor = (pool: Pool) => rules.findLast((rule) => fits(rule.pattern, pool));
  const free = (pool: Pool) =>
    (ruleFor(pool)?.limit ?? Infinity) -
    held(
      (other) => fits(pool, other),
      () => 1,
    );

  return {
    /** At most `limit` instances live at once in each pool that fits; later rules win. */
    set: (pattern: PoolPattern, limit: number) => void rules.push({ pattern, limit, refusal: null }),
    /** Every launch into such a pool fails with this code, such as Unsupported. */
    refuse: (pattern: PoolPattern, refusal: { code: string; message: string }) =>
      void rules.push({ pattern, limit: 0, refusal }),
    /** vCPUs that all living instances of a market may have together. */
    setQuota: (market: Market, vcpus: number) => {
      quotas = { ...quotas, [market]: vcpus };
    },
    quotaOf: (market: Market) => quotas[market],
    free,
    /** Why `count` more instances cannot be had, or null. */
    refusalOf(pool: Pool, vcpus: number, count: number): ApiFailure | null {
      const refusal = ruleFor(pool)?.refusal;
      if (refusal) return new ApiFailure(refusal.code, refusal.message);
      const used = held(
        (other) => other.market === pool.market,
        (one) => one,
      );
      if (used + vcpus * count > quotas[pool.market]) return overQuota(pool.market, quotas[pool.market]);
      return free(pool) < count ? insufficient(pool) : null;
    },
    /** Holds the place of a launch while moto makes it. */
    async holding<T>(
      launch: { pool: Pool; vcpus: number; count: number },
      make: () => Promise<T>,
    ): Promise<T> {
      underWay.push(launch);
      try {
        return await make();
      } finally {
        underWay.splice(underWay.indexOf(launch), 1);
      }
    },
    clear: () => {
      rules = [];
      quotas = { spot: Infinity, "on-demand": Infinity };
    },
  };
}

export type Capacity = ReturnType<typeof createCapacity>;

function fits(pattern: PoolPattern, pool: Pool): boolean {
  return (["type", "zone", "market"] as const).every(
    (key) => pattern[key] === undefined || pattern[key] === pool[key],
  );
}

function insufficient({ type, zone, market }: Pool): ApiFailure {
  return market === "spot"
    ? new ApiFailure(
        "InsufficientInstanceCapacity",
        "There is no Spot capacity available that matches your request.",
        500,
      )
    : new ApiFailure(
        "InsufficientInstanceCapacity",
        `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}).`,
        500,
      );
}

function overQuota(market: Market, limit: number): ApiFailure {
  return market === "spot"
    ? new ApiFailure("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    : new ApiFailure(
        "VcpuLimitExceeded",
        `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to.`,
      );
}
