import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DrillSample, lastAt, momentAt, stretches } from "./drill-moments.ts";

const sample = (atMs: number, change: Partial<DrillSample> = {}): DrillSample => ({
  atMs,
  desired: 3,
  pods: 3,
  ready: 3,
  endpoints: 3,
  answered: 10,
  failed: 0,
  ...change,
});
const everySecondFifth = Array.from({ length: 26 }, (_, index) =>
  sample(index * 200, index ? {} : { answered: 0 }),
);

const anySamples = fc
  .array(
    fc.record({
      atMs: fc.nat(5000),
      desired: fc.nat(3),
      pods: fc.nat(3),
      ready: fc.nat(3),
      endpoints: fc.nat(3),
      answered: fc.nat(50),
      failed: fc.nat(5),
    }),
    { maxLength: 40 },
  )
  .map((samples) => samples.sort((a, b) => a.atMs - b.atMs));

describe("a moment of a drill", () => {
  it("shows the last sample before it, and between two samples still the first of them", () => {
    const samples = [sample(0), sample(200, { ready: 2 }), sample(400, { ready: 1 })];
    expect([0, 199, 200, 399, 400, 9000].map((at) => momentAt(samples, at)?.ready)).toEqual([
      3, 3, 2, 2, 1, 1,
    ]);
  });

  it("shows nothing before the first sample", () => {
    expect(momentAt([sample(500)], 499)).toBeNull();
    expect(momentAt([], 0)).toBeNull();
  });

  it("tells the rate of the last second, not of one sample or of the whole drill", () => {
    const samples = [
      ...everySecondFifth,
      ...Array.from({ length: 5 }, (_, i) => sample(5200 + i * 200, { answered: 0 })),
    ];
    expect(momentAt(samples, 5000)?.answeredPerSecond).toBe(50);
    expect(momentAt(samples, 5600)?.answeredPerSecond).toBe(20);
    expect(momentAt(samples, 6000)?.answeredPerSecond).toBe(0);
    expect(momentAt(samples, 200)?.answeredPerSecond).toBe(50);
  });

  it("counts every request up to it once", () => {
    fc.assert(
      fc.property(anySamples, fc.nat(6000), (samples, at) => {
        const before = samples.filter((one) => one.atMs <= at);
        const moment = momentAt(samples, at);
        expect(moment?.failed ?? 0).toBe(before.reduce((sum, one) => sum + one.failed, 0));
        expect(moment?.answered ?? 0).toBe(before.reduce((sum, one) => sum + one.answered, 0));
        expect(lastAt(samples, at)).toBe(before.length - 1);
        expect(Number.isFinite(moment?.answeredPerSecond ?? 0)).toBe(true);
      }),
    );
  });
});

describe("a drill as a table", () => {
  it("has one row for each change and loses no request", () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const rows = stretches(samples);
        const sum = (all: readonly { answered: number; failed: number }[]) =>
          all.reduce((total, one) => total + one.answered * 1000 + one.failed, 0);
        expect(sum(rows)).toBe(sum(samples));
        for (const [index, row] of rows.entries()) {
          const next = rows[index + 1];
          if (!next) continue;
          const counts = ({ desired, pods, ready, endpoints }: typeof row) => [
            desired,
            pods,
            ready,
            endpoints,
          ];
          expect(counts(next)).not.toEqual(counts(row));
        }
      }),
    );
  });
});
