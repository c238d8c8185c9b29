import { describe, expect, it } from "vitest";
import { type CountedAttempt, replacedByNext } from "./replaced-by-next.ts";

const attempt = (number: number, over: Partial<CountedAttempt> = {}): CountedAttempt => ({
  number,
  counts: true,
  points: 64,
  run: { score: 64, maxScore: 100 },
  ...over,
});

describe("what the next submission replaces", () => {
  it("is the result that counts, whatever earlier ones have", () => {
    const earlier = attempt(1, { counts: false, points: 100, run: { score: 100, maxScore: 100 } });
    expect(replacedByNext([attempt(2), earlier])).toEqual({
      number: 2,
      points: 64,
      maxPoints: 100,
      full: false,
    });
  });

  it("cannot be bettered when every check passed, also where lateness took points away", () => {
    const late = attempt(1, { points: 90, run: { score: 100, maxScore: 100 } });
    expect(replacedByNext([late])).toMatchObject({ points: 90, full: true });
  });

  it("is nothing while there are no points to lose", () => {
    expect(replacedByNext([])).toBeNull();
    expect(replacedByNext([attempt(1, { points: 0, run: { score: 0, maxScore: 100 } })])).toBeNull();
    expect(replacedByNext([attempt(1, { points: null, run: { score: null, maxScore: null } })])).toBeNull();
    expect(replacedByNext([attempt(1, { counts: false })])).toBeNull();
  });
});
