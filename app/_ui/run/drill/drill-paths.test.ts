import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DrillSample } from "./drill-moments.ts";
import { axisCounts, chartHeight, chartWidth, drillPaths, series, xAt, yAt } from "./drill-paths.ts";

const sample = (atMs: number, change: Partial<DrillSample> = {}): DrillSample => ({
  atMs,
  desired: 2,
  pods: 2,
  ready: 2,
  endpoints: 2,
  answered: 0,
  failed: 0,
  ...change,
});

/** Numbers of a path's data, as pairs are not told apart: enough to see that all lie on the chart. */
const numbers = (path: string) => [...path.matchAll(/-?\d+(\.\d+)?/g)].map(([text]) => Number(text));

describe("a drill's chart", () => {
  it("draws a count as steps that keep their height until the next change", () => {
    const { lines } = drillPaths([sample(0), sample(250), sample(500, { ready: 0 })], 1000);
    expect(lines.ready).toMatch(/^M0 [\d.]+H500V[\d.]+H1000$/);
    expect(lines.desired).toMatch(/^M0 [\d.]+H1000$/);
  });

  it("keeps lines that say the same side by side", () => {
    const { lines } = drillPaths([sample(0)], 1000);
    expect(new Set(series.map((name) => lines[name])).size).toBe(series.length);
  });

  it("never draws a line nearer to another count than to its own", () => {
    for (const most of [1, 3, 8, 20]) {
      const below = { pods: most - 1, ready: most - 1, endpoints: most - 1 };
      const { lines } = drillPaths([sample(0, { desired: most, ...below })], 1);
      for (const name of series) {
        const y = numbers(lines[name])[1] ?? 0;
        const distance = (count: number) => Math.abs(yAt(count, most) - y);
        const [own, other] = name === "desired" ? [most, most - 1] : [most - 1, most];
        expect(distance(own)).toBeLessThan(distance(other));
      }
    }
  });

  it("marks each sample in which requests failed, and no other", () => {
    const { failed } = drillPaths([sample(0), sample(500, { failed: 1 }), sample(1000, { failed: 7 })], 1000);
    expect([...failed.matchAll(/M([\d.]+)/g)].map(([, x]) => x)).toEqual(["500", "1000"]);
  });

  it("stays on the chart, whatever was seen", () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    const any = fc.record({
      atMs: fc.nat(10_000),
      desired: count,
      pods: count,
      ready: count,
      endpoints: count,
      answered: count,
      failed: count,
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), fc.nat(9000), (samples, durationMs) => {
        samples.sort((a, b) => a.atMs - b.atMs);
        const { lines, failed, answered } = drillPaths(samples, durationMs);
        for (const value of numbers([...Object.values(lines), failed, answered].join(" "))) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(Math.max(chartWidth, chartHeight));
        }
      }),
    );
  });

  it("names every count of the axis while there are few, and whole ones only", () => {
    expect(axisCounts(3)).toEqual([0, 1, 2, 3]);
    expect(axisCounts(6)).toEqual([0, 3, 6]);
    expect(axisCounts(7)).toEqual([0, 7]);
  });

  it("puts a moment where it belongs, and never beyond the end", () => {
    expect([xAt(0, 2000), xAt(500, 2000), xAt(2000, 2000), xAt(9000, 2000), xAt(5, 0)]).toEqual([
      0, 250, 1000, 1000, 0,
    ]);
  });
});
