import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { courseShares, courseWorth } from "./course-worth.ts";

describe("what an exercise is worth in its course", () => {
  it("is all of its assignment's points when it is the only one, and otherwise by its own points", () => {
    expect(courseShares(20, [100])).toEqual([20]);
    expect(courseShares(20, [60, 40])).toEqual([12, 8]);
    expect(courseShares(20, [])).toEqual([]);
  });

  it("is nothing yet for one that is not published, and unknown while one cannot be read or none has points", () => {
    expect(courseShares(20, [100, 0])).toEqual([20, 0]);
    expect(courseShares(20, [100, null])).toEqual([null, null]);
    expect(courseShares(20, [0])).toEqual([null]);
  });

  it("shares out exactly the assignment's points, whatever its exercises have", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10_000, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 12 }),
        (points, own) => {
          fc.pre(own.some((one) => one > 0));
          const shares = courseShares(points, own);
          const sum = shares.reduce((total: number, share) => total + (share ?? Number.NaN), 0);
          expect(sum).toBeCloseTo(points, 6);
        },
      ),
    );
  });
});

describe("a score in the course's points", () => {
  it("says 86 of 100 as 17.2 of 20", () => {
    expect(courseWorth({ points: 86, of: 100 }, 20)).toEqual({ points: 17.2, of: 20 });
  });

  it("is by the version that was graded, even when the one of now has other points", () => {
    expect(courseWorth({ points: 45, of: 90 }, 20)).toEqual({ points: 10, of: 20 });
  });

  it("is none while nothing is graded, and unknown with the share", () => {
    expect(courseWorth({ points: null, of: 100 }, 20)).toEqual({ points: null, of: 20 });
    expect(courseWorth({ points: 5, of: 0 }, 20)).toEqual({ points: null, of: 20 });
    expect(courseWorth({ points: 86, of: 100 }, null)).toBeNull();
  });

  it("never leaves 0 to the share, and is the share exactly at full points", () => {
    const of = fc.integer({ min: 1, max: 1_000 });
    const share = fc.double({ min: 0, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(of, share, fc.double({ min: 0, max: 1, noNaN: true }), (most, whole, part) => {
        const earned = courseWorth({ points: most * part, of: most }, whole)?.points ?? -1;
        expect(earned).toBeGreaterThanOrEqual(0);
        expect(earned).toBeLessThanOrEqual(whole * (1 + 1e-9));
        expect(courseWorth({ points: most, of: most }, whole)?.points).toBeCloseTo(whole, 9);
      }),
    );
  });
});
