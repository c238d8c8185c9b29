import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drillTimeline } from "../../../../../protocol/messages.ts";
import { maxMarks, maxSamples, thinMarks, thinSamples } from "./thin-timeline.ts";

const count = fc.integer({ min: 0, max: 20 });
const samples = (maxLength: number) =>
  fc
    .array(
      fc.record({
        desired: count,
        pods: count,
        ready: count,
        endpoints: count,
        answered: count,
        failed: count,
      }),
      { maxLength },
    )
    .map((list) => list.map((sample, index) => ({ atMs: index * 200, ...sample })));
const marks = (maxLength: number) =>
  fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 3_600_000 }),
      kind: fc.constantFrom("action" as const, "event" as const, "reached" as const),
      text: fc.string({ maxLength: 400 }),
    }),
    { maxLength },
  );
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

describe("samples that are too many", () => {
  test("become no more than asked for, keep their order, and first and last stay", () => {
    fc.assert(
      fc.property(samples(300), fc.integer({ min: 3, max: 100 }), (all, most) => {
        const thinned = thinSamples(all, most);
        expect(thinned.length).toBe(Math.min(all.length, most));
        expect(thinned[0]?.atMs).toBe(all[0]?.atMs);
        expect(thinned.at(-1)).toEqual(all.at(-1));
        for (const [index, sample] of thinned.slice(1).entries())
          expect(sample.atMs).toBeGreaterThan(thinned[index]?.atMs ?? 0);
      }),
    );
  });

  test("lose no request", () => {
    fc.assert(
      fc.property(samples(300), fc.integer({ min: 3, max: 100 }), (all, most) => {
        const thinned = thinSamples(all, most);
        for (const key of ["answered", "failed"] as const)
          expect(sum(thinned.map((sample) => sample[key]))).toBe(sum(all.map((sample) => sample[key])));
      }),
    );
  });

  test("still show the deepest dip of ready pods", () => {
    fc.assert(
      fc.property(samples(300), fc.integer({ min: 3, max: 100 }), (all, most) => {
        fc.pre(all.length > 0);
        const lowest = (list: { ready: number }[]) => Math.min(...list.map(({ ready }) => ready));
        expect(lowest(thinSamples(all, most))).toBe(lowest(all));
      }),
    );
  });
});

describe("marks that are too many", () => {
  test("become no more than asked for, in order of time, and none of the drill's own is lost while there is room", () => {
    fc.assert(
      fc.property(marks(200), fc.integer({ min: 2, max: 120 }), (all, most) => {
        const thinned = thinMarks(all, most);
        expect(thinned.length).toBe(Math.min(all.length, most));
        const times = thinned.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const own = (list: { kind: string }[]) => list.filter(({ kind }) => kind !== "event").length;
        if (own(all) < most) expect(own(thinned)).toBe(own(all));
      }),
    );
  });

  test("say how many are left out", () => {
    const events = Array.from({ length: 10 }, (_, atMs) => ({ atMs, kind: "event" as const, text: "x" }));
    expect(thinMarks(events, 4).map(({ text }) => text)).toEqual([
      "x",
      "x",
      "x",
      "From here on 7 more are not shown.",
    ]);
  });
});

test("a thinned timeline is one that the protocol takes, however long the drill", () => {
  fc.assert(
    fc.property(samples(3000), marks(900), (all, some) => {
      const timeline = { durationMs: 600_000, samples: thinSamples(all), marks: thinMarks(some) };
      expect(drillTimeline.safeParse(timeline).success).toBe(true);
      expect(timeline.samples.length).toBeLessThanOrEqual(maxSamples);
      expect(timeline.marks.length).toBeLessThanOrEqual(maxMarks);
    }),
    { numRuns: 20 },
  );
});
