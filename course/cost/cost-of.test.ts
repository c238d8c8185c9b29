import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BillingRule, billedSeconds, costOf, perSecond, perSecondAfterMinute } from "./cost-of.ts";

const anyPrice = fc.double({ min: 0, max: 100, noNaN: true });
const anySeconds = fc.double({ min: 0, max: 1e7, noNaN: true });
const anyRule: fc.Arbitrary<BillingRule> = fc.record({ minimumSeconds: fc.integer({ min: 0, max: 3600 }) });
const micro = 1e-6;

describe("the cost of a machine", () => {
  it("is the course's own figures for a c5d.large at $0.0326 an hour", () => {
    const day = 86_400;
    expect(costOf(0.0326, day, perSecond)).toBeCloseTo(0.78, 2);
    expect(costOf(0.0326, 7 * day, perSecond)).toBeCloseTo(5.48, 2);
    expect(costOf(0.0326, 30.4 * day, perSecond)).toBeCloseTo(23.78, 1);
  });

  it("never falls when the machine lives longer or costs more", () => {
    fc.assert(
      fc.property(anyPrice, anyPrice, anySeconds, anySeconds, anyRule, (p, q, s, t, rule) => {
        const [less, more] = [Math.min(p, q), Math.max(p, q)];
        const [shorter, longer] = [Math.min(s, t), Math.max(s, t)];
        expect(costOf(more, longer, rule)).toBeGreaterThanOrEqual(costOf(less, shorter, rule));
      }),
    );
  });

  it("is the price of its billed seconds to a millionth of a dollar", () => {
    fc.assert(
      fc.property(anyPrice, anySeconds, anyRule, (price, seconds, rule) => {
        const exact = (price * billedSeconds(seconds, rule)) / 3600;
        expect(Math.abs(costOf(price, seconds, rule) - exact)).toBeLessThanOrEqual(micro / 2 + exact * 1e-12);
      }),
    );
  });

  it("differs for two halves and the whole by rounding up to a second at most", () => {
    fc.assert(
      fc.property(anyPrice, anySeconds, anySeconds, (price, a, b) => {
        const whole = costOf(price, a + b, perSecond);
        const halves = costOf(price, a, perSecond) + costOf(price, b, perSecond);
        expect(halves).toBeGreaterThanOrEqual(whole - 2 * micro);
        expect(halves).toBeLessThanOrEqual(whole + price / 3600 + 2 * micro);
      }),
    );
  });

  it("counts a started second as a whole one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (whole, part) => {
          expect(billedSeconds(whole, perSecond)).toBe(whole);
          expect(billedSeconds(whole + part, perSecond)).toBe(whole + 1);
        },
      ),
    );
  });

  it("is that of the minimum for a shorter life, and nothing for a machine that never was", () => {
    expect(costOf(3.6, 1, perSecondAfterMinute)).toBe(0.06);
    expect(costOf(3.6, 60, perSecondAfterMinute)).toBe(0.06);
    expect(costOf(3.6, 61, perSecondAfterMinute)).toBe(0.061);
    expect(costOf(3.6, 0, perSecondAfterMinute)).toBe(0);
    expect(costOf(3.6, -5, perSecond)).toBe(0);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])("is refused for the price %d", (price) => {
    expect(() => costOf(price, 1, perSecond)).toThrow(RangeError);
  });
});
