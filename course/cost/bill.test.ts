import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billOf, entriesOf, holdOf, type LedgerEntry, type Life } from "./bill.ts";
import { perSecond, perSecondAfterMinute } from "./cost-of.ts";
import { microsOf, usdOf } from "./micros.ts";

const anyLife: fc.Arbitrary<Life> = fc.record({
  usdPerHour: fc.double({ min: 0, max: 50, noNaN: true }),
  besidesUsdPerHour: fc.double({ min: 0, max: 0.1, noNaN: true }),
  seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  poolSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  rule: fc.constantFrom(perSecond, perSecondAfterMinute),
  takenBack: fc.boolean(),
});
/** As the machine's state machine says it: what a machine did before a run took it is part of its life. */
const anyWholeLife = anyLife.map((life) => ({
  ...life,
  poolSeconds: Math.min(life.poolSeconds, life.seconds),
}));
const sum = (entries: readonly LedgerEntry[]) => entries.reduce((total, { micros }) => total + micros, 0);

const life: Life = {
  ...{ usdPerHour: 0.36, besidesUsdPerHour: 0.036, seconds: 300, poolSeconds: 0 },
  ...{ rule: perSecondAfterMinute, takenBack: false },
};

describe("the bill of a machine", () => {
  it("is by the second, a minute at least, at the price that it was settled at", () => {
    expect(billOf(life)).toEqual({ micros: 30_000, poolMicros: 0 });
    expect(billOf({ ...life, seconds: 5 }).micros).toBe(6_000);
    expect(billOf({ ...life, seconds: 0 }).micros).toBe(0);
  });

  it("is for address and disk alone where EC2 took it back within an hour, and for all of it after", () => {
    expect(billOf({ ...life, takenBack: true }).micros).toBe(3_000);
    expect(billOf({ ...life, takenBack: true, seconds: 3599 }).micros).toBe(35_990);
    expect(billOf({ ...life, takenBack: true, seconds: 3600 }).micros).toBe(360_000);
  });

  it("is whole millionths, and its part in the pool is never more than all of it", () => {
    fc.assert(
      fc.property(anyWholeLife, (one) => {
        const { micros, poolMicros } = billOf(one);
        expect(Number.isSafeInteger(micros) && Number.isSafeInteger(poolMicros)).toBe(true);
        expect(poolMicros).toBeGreaterThanOrEqual(0);
        expect(poolMicros).toBeLessThanOrEqual(micros);
        // As the database keeps it: a decimal with six places.
        expect(microsOf(usdOf(micros))).toBe(micros);
      }),
    );
  });
});

describe("what is attributed", () => {
  it("is the whole bill and nothing else, whoever had the machine and whatever was rounded", () => {
    fc.assert(
      fc.property(anyWholeLife, fc.boolean(), (one, hadRun) => {
        const bill = billOf(one);
        const entries = entriesOf(bill, hadRun);
        expect(sum(entries)).toBe(bill.micros);
        expect(entries.every(({ micros }) => micros > 0)).toBe(true);
        if (!hadRun) expect(entries.every(({ part }) => part === "pool")).toBe(true);
      }),
    );
  });

  it("is the same sum of many machines, in whatever order and by whatever they are grouped", () => {
    const machine = fc.record({ life: anyWholeLife, payer: fc.constantFrom(null, "ada", "bob", "eve") });
    fc.assert(
      fc.property(fc.array(machine, { maxLength: 200 }), (machines) => {
        const bills = machines.map(({ life: one }) => billOf(one).micros);
        const byPayer = new Map<string, number>();
        for (const { life: one, payer } of machines)
          for (const { part, micros } of entriesOf(billOf(one), payer !== null)) {
            const key = part === "pool" ? "pool" : (payer ?? "nobody");
            byPayer.set(key, (byPayer.get(key) ?? 0) + micros);
          }
        const total = bills.toReversed().reduce((all, micros) => all + micros, 0);
        expect([...byPayer.values()].reduce((all, micros) => all + micros, 0)).toBe(total);
        expect(byPayer.has("nobody")).toBe(false);
      }),
    );
  });
});

describe("what is held for a machine that is not gone", () => {
  const requestedAt = new Date("2026-11-29T10:00:00Z");
  const at = (seconds: number) => new Date(requestedAt.getTime() + seconds * 1000);
  const machine = {
    ...{ usdPerHour: 3.6, requestedAt, leaseUntil: at(600), takenAt: null, hasRun: true },
    rule: perSecondAfterMinute,
  };

  it("is its price until its lease, and past that all that it has cost", () => {
    expect(holdOf(machine, at(10))).toEqual([{ part: "run", micros: 600_000 }]);
    expect(holdOf(machine, at(601))).toEqual([{ part: "run", micros: 601_000 }]);
  });

  it("is the pool's while no run has it, and the run's from when it was taken", () => {
    expect(holdOf({ ...machine, hasRun: false }, at(10))).toEqual([{ part: "pool", micros: 600_000 }]);
    expect(holdOf({ ...machine, takenAt: at(100) }, at(110))).toEqual([
      { part: "run", micros: 500_000 },
      { part: "pool", micros: 100_000 },
    ]);
  });

  it("is at least what it costs when it ends, at any moment until then", () => {
    const seconds = fc.integer({ min: 0, max: 2_000 });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        fc.boolean(),
        fc.constantFrom(perSecond, perSecondAfterMinute),
        (a, b, hasRun, rule) => {
          const [look, end] = [Math.min(a, b), Math.max(a, b)];
          const held = sum(holdOf({ ...machine, hasRun, rule }, at(look)));
          const cost = billOf({ ...life, usdPerHour: 3.6, seconds: Math.min(end, 600), rule }).micros;
          expect(held).toBeGreaterThanOrEqual(cost);
        },
      ),
    );
  });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e12])("%d is no amount of money", (usd) => {
  expect(() => microsOf(usd)).toThrow(RangeError);
});
