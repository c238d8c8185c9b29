import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inMinutes, timeLeft } from "./build-time.ts";

describe("the time that a build still takes", () => {
  it("is at first what it took where it was measured", () => {
    expect(timeLeft(500, 0, 0)).toBe(500);
    expect(timeLeft(500, 0.03, 60)).toBe(485);
  });

  it("follows how it went here", () => {
    expect(timeLeft(500, 0.5, 500)).toBe(500);
    expect(timeLeft(500, 0.5, 125)).toBe(125);
  });

  it("is nothing at the end", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (total, elapsed) => {
          expect(timeLeft(total, 1, elapsed)).toBe(0);
        },
      ),
    );
  });
});

it.each([
  [3, "about 10 seconds"],
  [41, "about 50 seconds"],
  [62, "about a minute"],
  [170, "about 3 minutes"],
])("%i seconds are %s", (seconds, words) => {
  expect(inMinutes(seconds)).toBe(words);
});
