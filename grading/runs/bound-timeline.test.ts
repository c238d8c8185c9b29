import fc from "fast-check";
import { expect, test } from "vitest";
import { drillTimeline } from "../protocol/messages.ts";
import { boundTimeline } from "./bound-timeline.ts";

const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const sample = fc.record({
  atMs: whole,
  desired: whole,
  pods: whole,
  ready: whole,
  endpoints: whole,
  answered: whole,
  failed: whole,
});
const mark = fc.record({
  atMs: whole,
  kind: fc.constantFrom("action", "event", "reached"),
  text: fc.string({ maxLength: 20 }),
});
const reported = fc.record({
  durationMs: fc.integer({ min: 0, max: 3_600_000 }),
  samples: fc.array(sample, { maxLength: 30 }),
  marks: fc.array(mark, { maxLength: 30 }),
});

test("whatever a machine reports, what is kept is in order, within the drill, complete, and valid again", () => {
  fc.assert(
    fc.property(reported, (timeline) => {
      const kept = boundTimeline(drillTimeline.parse(timeline));
      expect(drillTimeline.safeParse(kept).success).toBe(true);
      for (const moments of [kept.samples, kept.marks]) {
        const times = moments.map((moment) => moment.atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        for (const at of times) expect(at).toBeLessThanOrEqual(kept.durationMs);
      }
      expect([kept.samples.length, kept.marks.length]).toEqual([
        timeline.samples.length,
        timeline.marks.length,
      ]);
    }),
  );
});

test("an honest timeline is kept as it is", () => {
  const honest = {
    durationMs: 400,
    samples: [0, 200, 400].map((atMs) => ({
      atMs,
      desired: 3,
      pods: 3,
      ready: 2,
      endpoints: 2,
      answered: 10,
      failed: 1,
    })),
    marks: [{ atMs: 100, kind: "action" as const, text: "Pod web-1 deleted" }],
  };
  expect(boundTimeline(honest)).toEqual(honest);
});

test("no machine can name a number of pods that a page could not draw", () => {
  const huge = Number.MAX_SAFE_INTEGER;
  const kept = boundTimeline({
    durationMs: 0,
    samples: [{ atMs: 0, desired: huge, pods: huge, ready: 0, endpoints: 0, answered: huge, failed: 0 }],
    marks: [],
  });
  expect(kept.samples[0]).toMatchObject({ desired: 1_000_000, pods: 1_000_000, answered: 1_000_000 });
});
