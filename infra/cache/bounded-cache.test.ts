import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBoundedCache } from "./bounded-cache.ts";

describe("a bounded cache", () => {
  it("forgets what was not used for longest, and keeps nothing too heavy", () => {
    const cache = createBoundedCache<string>(100);
    for (const key of ["a", "b", "c", "d"]) cache.set(key, key, 25);
    cache.get("a");
    cache.set("e", "e", 25);
    expect(["a", "b", "c", "d", "e"].map((key) => cache.get(key))).toEqual(["a", undefined, "c", "d", "e"]);
    cache.set("heavy", "heavy", 26);
    expect(cache.get("heavy")).toBeUndefined();
    expect(cache.get("a")).toBe("a");
  });

  it("never weighs more than it may, whatever comes", () => {
    const sets = fc.array(
      fc.tuple(fc.constantFrom("a", "b", "c", "d", "e", "f"), fc.integer({ min: 0, max: 40 })),
    );
    fc.assert(
      fc.property(sets, (all) => {
        const cache = createBoundedCache<number>(100);
        for (const [key, weight] of all) cache.set(key, weight, weight);
        const kept = ["a", "b", "c", "d", "e", "f"].reduce((sum, key) => sum + (cache.get(key) ?? 0), 0);
        expect(kept).toBeLessThanOrEqual(100);
      }),
    );
  });
});
