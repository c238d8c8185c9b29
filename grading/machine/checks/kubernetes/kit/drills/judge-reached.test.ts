import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeReached } from "./judge-reached.ts";

const part = (holds: boolean) => ({ expected: "x", problem: holds ? null : { happened: "y", fix: "z" } });

test("a part that was not reached earns as little as one that broke", () => {
  const shape = fc.record({
    kept: fc.integer({ min: 0, max: 8 }),
    broken: fc.integer({ min: 1, max: 8 }),
    skipped: fc.integer({ min: 0, max: 8 }),
  });
  fc.assert(
    fc.property(shape, ({ kept, broken, skipped }) => {
      const parts = [...Array(kept).fill(part(true)), ...Array(broken).fill(part(false))];
      const verdict = judgeReached(parts, skipped, true, 10, "");
      const points = verdict.verdict === "failed" ? verdict.points : null;
      expect(points).toBeCloseTo((10 * kept) / (kept + broken + skipped));
    }),
  );
});
