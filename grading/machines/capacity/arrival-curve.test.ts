import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultCurve, learnCurve, type PastDeadline, shareBetween } from "./arrival-curve.ts";

const anyLead = fc.integer({ min: -86_400, max: 30 * 86_400 });
const anyPast: fc.Arbitrary<PastDeadline> = fc.record({
  students: fc.nat(500),
  leads: fc.array(fc.array(anyLead, { maxLength: 4 }), { maxLength: 60 }),
});
const total = (of: "share" | "firsts", past: PastDeadline[] = []) =>
  learnCurve(past).parts.reduce((sum, part) => sum + part[of], 0);

describe("the curve to begin with", () => {
  it("has four in ten of all submissions in the last hour, and each share once", () => {
    expect(shareBetween(defaultCurve, 3600, 0)).toBeCloseTo(0.4, 12);
    expect(total("share")).toBeCloseTo(1, 12);
    expect(total("firsts")).toBeCloseTo(1, 12);
  });

  it("is what is learned from nothing", () => {
    const learned = learnCurve([]);
    expect(learned.perStudent).toBe(defaultCurve.perStudent);
    learned.parts.forEach((part, index) => {
      expect(part.share).toBeCloseTo(defaultCurve.parts[index]?.share ?? Number.NaN, 12);
    });
  });
});

describe("a learned curve", () => {
  it("shares out all submissions, whatever came in", () => {
    fc.assert(
      fc.property(fc.array(anyPast, { maxLength: 6 }), (past) => {
        expect(total("share", past)).toBeCloseTo(1, 9);
        expect(total("firsts", past)).toBeCloseTo(1, 9);
        const { perStudent, parts } = learnCurve(past);
        expect(perStudent).toBeGreaterThan(0);
        for (const part of parts) expect(Math.min(part.share, part.firsts)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("adds up over neighbouring times", () => {
    const time = fc.integer({ min: 0, max: 10 * 86_400 });
    fc.assert(
      fc.property(fc.array(anyPast, { maxLength: 3 }), time, time, time, (past, ...times) => {
        const curve = learnCurve(past);
        const [near = 0, middle = 0, far = 0] = times.sort((a, b) => a - b);
        const parts = shareBetween(curve, far, middle) + shareBetween(curve, middle, near);
        expect(parts).toBeCloseTo(shareBetween(curve, far, near), 9);
      }),
    );
  });

  it("comes close to what a class does again and again", () => {
    // One try each, all of them in the last ten minutes but for one in five a day before.
    const leads = Array.from({ length: 200 }, (_, i) => [i % 5 === 0 ? 20 * 3600 : 300]);
    const curve = learnCurve(Array.from({ length: 10 }, () => ({ students: 250, leads })));
    expect(shareBetween(curve, 600, 0)).toBeCloseTo(0.8, 1);
    expect(curve.perStudent).toBeCloseTo(0.8, 1);
  });

  it("is hardly moved by one small assignment", () => {
    const curve = learnCurve([{ students: 2, leads: [[400_000], [400_000]] }]);
    expect(shareBetween(curve, 3600, 0)).toBeGreaterThan(0.35);
  });

  it("tells first submissions from those that follow", () => {
    const leads = Array.from({ length: 200 }, () => [100_000, 60]);
    const curve = learnCurve([{ students: 200, leads }]);
    expect(shareBetween(curve, 3600, 0, "firsts")).toBeLessThan(0.1);
    expect(shareBetween(curve, 3600, 0)).toBeGreaterThan(0.4);
  });
});
