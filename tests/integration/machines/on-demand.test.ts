import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Instance, LaunchError, type LaunchSpec, type Market } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { type FleetBench, MemoryProvider, openFleetBench } from "../runs/fleet-bench.ts";

const minuteMs = 60_000;

/** Sells on two markets, and has none on those that are dry. */
class TwoMarkets extends MemoryProvider {
  readonly dry = new Map<Market, LaunchError["kind"]>();
  readonly asked: Market[] = [];
  override async launch(spec: LaunchSpec): Promise<Instance> {
    const { market = "spot" } = spec.shape;
    this.asked.push(market);
    const lack = this.dry.get(market);
    if (lack !== undefined) throw new LaunchError(lack, `There is no ${market} instance.`);
    return { ...(await super.launch(spec)), offering: { type: "c6a.large", zone: "us-east-1a", market } };
  }
  settledPriceOf = async ({ market }: { market: Market }) => (market === "spot" ? 0.03 : 0.08);
}

let bench: FleetBench;
let provider: TwoMarkets;
let allowed: boolean;
let starter: FleetBench["starter"];
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 4 });
  provider = new TwoMarkets(bench.now);
  provider.dry.set("spot", "insufficient-capacity");
  allowed = true;
  starter = bench.starterOf(provider, { onDemandAllowed: () => allowed });
});
afterEach(() => bench.close());

/** Due in so many minutes. */
const submit = async (dueIn: number | null) => {
  const dueAt = dueIn === null ? null : new Date(bench.now().getTime() + dueIn * minuteMs);
  return (await bench.submit({ dueAt })).runId;
};
const offered = async () => {
  const { waiting } = await bench.sweeps.demand(starter.limits, bench.now());
  return waiting.map(({ id }) => id);
};

describe("where spot has no machine", () => {
  test("a run whose deadline is near has one on demand, at its price, and one whose is far waits", async () => {
    const near = await submit(8);
    const far = await submit(300);
    const undue = await submit(null);
    expect(await starter.start(near)).toMatchObject({ outcome: "no-machine", kind: "insufficient-capacity" });
    expect(await offered()).toEqual([near]);
    for (const runId of [far, undue])
      expect(await starter.start(runId)).toMatchObject({ outcome: "waiting" });
    const started = await starter.start(near);
    expect(started).toMatchObject({ outcome: "started" });
    expect(provider.asked).toEqual(["spot", "on-demand"]);
    const [machine] = await bench.db.machine.findMany({ where: { runId: near, state: "booting" } });
    expect(machine).toMatchObject({ market: "on-demand", instanceType: "c6a.large" });
    expect(Number(machine?.usdPerHour)).toBe(0.08);
    // What one market gave says nothing of the other.
    expect(await starter.start(far)).toMatchObject({ outcome: "waiting" });
  });

  test("none has one on demand where that is not wished, or no budget remains", async () => {
    const runId = await submit(8);
    await starter.start(runId);
    allowed = false;
    expect(await offered()).toEqual([]);
    expect(await starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(provider.asked).toEqual(["spot"]);
    allowed = true;
    expect(await starter.start(runId)).toMatchObject({ outcome: "started" });
  });

  test("one that has waited for long has one earlier, and none does once the deadline is over", async () => {
    const runId = await submit(40);
    await starter.start(runId);
    bench.pass(14 * minuteMs);
    await starter.start(runId);
    expect(provider.asked).toEqual(["spot", "spot"]);
    bench.pass(2 * minuteMs);
    expect(await offered()).toContain(runId);
    provider.dry.set("on-demand", "insufficient-capacity");
    // Spot first, since its pause is over.
    for (let i = 0; i < 2; i += 1)
      expect(await starter.start(runId)).toMatchObject({ outcome: "no-machine" });
    expect(provider.asked.slice(2)).toEqual(["spot", "on-demand"]);
    bench.pass(25 * minuteMs);
    provider.dry.delete("on-demand");
    await starter.start(runId);
    expect(provider.asked.at(-1)).toBe("spot");
  });

  test("for want of a quota it goes the same way, and each market pauses by itself", async () => {
    provider.dry.set("spot", "quota");
    provider.dry.set("on-demand", "quota");
    const runId = await submit(8);
    await starter.start(runId);
    expect(await starter.start(runId)).toMatchObject({ outcome: "no-machine", kind: "quota" });
    expect(await starter.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(provider.asked).toEqual(["spot", "on-demand"]);
    bench.pass(defaultTimings.launchPauseMs.first);
    provider.dry.clear();
    expect(await starter.start(runId)).toMatchObject({ outcome: "started" });
    expect(provider.asked.at(-1)).toBe("spot");
  });
});

test("what is wrong with the provider as a whole is not asked for on demand either", async () => {
  for (const kind of ["throttled", "unreachable", "misconfigured"] as const) {
    const other = new TwoMarkets(bench.now);
    other.dry.set("spot", kind);
    const asking = bench.starterOf(other, { onDemandAllowed: () => true });
    const runId = await submit(8);
    await asking.start(runId);
    expect(await asking.start(runId)).toMatchObject({ outcome: "waiting" });
    expect(other.asked).toEqual(["spot"]);
  }
});
