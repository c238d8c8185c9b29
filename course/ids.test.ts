import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "./ids.ts";

const anyTime = fc.integer({ min: 0, max: 2 ** 45 }).map((ms) => new Date(ms));

describe("an id", () => {
  it("sorts by time as text", () => {
    fc.assert(
      fc.property(anyTime, anyTime, (a, b) => {
        fc.pre(a < b);
        expect(newId("run", a) < newId("run", b)).toBe(true);
      }),
    );
  });

  it("is safe in a URL, a path and a job's name", () => {
    fc.assert(fc.property(anyTime, (at) => void expect(newId("sub", at)).toMatch(/^sub_[0-9a-z]{26}$/)));
  });

  it("is never given twice, not even within one millisecond", () => {
    const now = new Date("2024-11-14T12:00:00Z");
    const ids = new Set(Array.from({ length: 20_000 }, () => newId("sub", now)));
    expect(ids.size).toBe(20_000);
  });
});
