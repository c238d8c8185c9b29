import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeReplicas, type ReplicaCount, rollingBounds } from "./judge-surge.ts";

const countOrPercent = fc.oneof(
  fc.integer({ min: 0, max: 10 }),
  fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
);

describe("the bounds of a rolling update", () => {
  test("round a share up for the surge and down for what may be missing", () => {
    expect(rollingBounds("25%", "25%", 3)).toEqual({ surge: 1, unavailable: 0 });
    expect(rollingBounds("50%", "50%", 5)).toEqual({ surge: 3, unavailable: 2 });
  });

  test("are a quarter each when the Deployment says nothing", () => {
    expect(rollingBounds(undefined, undefined, 8)).toEqual({ surge: 2, unavailable: 2 });
  });

  test("let one replica be missing when both come to nothing", () => {
    expect(rollingBounds(0, "10%", 3)).toEqual({ surge: 0, unavailable: 1 });
  });

  test("never let more replicas be missing than there are, and always let something move", () => {
    fc.assert(
      fc.property(
        countOrPercent,
        countOrPercent,
        fc.integer({ min: 1, max: 20 }),
        (surge, missing, replicas) => {
          const bounds = rollingBounds(surge, missing, replicas);
          expect(bounds.unavailable).toBeLessThanOrEqual(replicas);
          expect(bounds.surge + bounds.unavailable).toBeGreaterThan(0);
        },
      ),
    );
  });
});

/** A controller that moves one pod at a time and keeps to the bounds, told what to do next by a list of coins. */
function roll(
  replicas: number,
  bounds: { surge: number; unavailable: number },
  coins: boolean[],
): ReplicaCount[] {
  const counts: ReplicaCount[] = [];
  let old = replicas;
  let starting = 0;
  let fresh = 0;
  const note = () =>
    counts.push({ atMs: counts.length, desired: replicas, live: old + starting + fresh, ready: old + fresh });
  note();
  for (const coin of [...coins, ...Array.from({ length: replicas * 6 }, (_, i) => i % 2 === 0)]) {
    const mayStart = old + starting + fresh < replicas + bounds.surge && starting + fresh < replicas;
    const mayEnd = old > 0 && old + fresh > replicas - bounds.unavailable;
    if (starting > 0 && coin) {
      starting -= 1;
      fresh += 1;
    } else if (mayStart && (coin || !mayEnd)) starting += 1;
    else if (mayEnd) old -= 1;
    else if (starting > 0) {
      starting -= 1;
      fresh += 1;
    }
    note();
  }
  return counts;
}

const update = fc.record({
  replicas: fc.integer({ min: 1, max: 10 }),
  maxSurge: countOrPercent,
  maxUnavailable: countOrPercent,
  coins: fc.array(fc.boolean(), { maxLength: 60 }),
});

describe("the replicas seen during an update", () => {
  test("are within the bounds whenever the controller keeps to them", () => {
    fc.assert(
      fc.property(update, ({ replicas, maxSurge, maxUnavailable, coins }) => {
        const bounds = rollingBounds(maxSurge, maxUnavailable, replicas);
        const counts = roll(replicas, bounds, coins);
        expect(judgeReplicas(counts, bounds)).toEqual({ tooMany: null, tooFew: null });
      }),
    );
  });

  test("are too many or too few as soon as one moment is, and the worst moment is told", () => {
    fc.assert(
      fc.property(update, fc.nat(), fc.integer({ min: 1, max: 5 }), (one, where, by) => {
        const bounds = rollingBounds(one.maxSurge, one.maxUnavailable, one.replicas);
        const counts = roll(one.replicas, bounds, one.coins);
        const at = counts[where % counts.length];
        if (!at) return;
        const live = one.replicas + bounds.surge + by;
        const ready = one.replicas - bounds.unavailable - by;
        const more = counts.map((count) => (count === at ? { ...count, live } : count));
        expect(judgeReplicas(more, bounds).tooMany).toEqual({ ...at, live });
        const fewer = counts.map((count) => (count === at ? { ...count, ready } : count));
        expect(judgeReplicas(fewer, bounds).tooFew).toEqual({ ...at, ready });
      }),
    );
  });

  test("are judged by the smaller number of replicas when the update asks for more", () => {
    const counts = [
      { atMs: 0, desired: 2, live: 2, ready: 2 },
      { atMs: 1, desired: 5, live: 2, ready: 2 },
      { atMs: 2, desired: 5, live: 5, ready: 5 },
    ];
    expect(judgeReplicas(counts, { surge: 0, unavailable: 0 })).toEqual({ tooMany: null, tooFew: null });
  });
});
