import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeParts } from "./share-credit.ts";

test("partial credit is the share of parts that hold, and never all of it while one is broken", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 100 }),
      (holds, partial, max) => {
        const parts = holds.map((ok) => ({
          expected: "x",
          problem: ok ? null : { happened: "h", fix: "f" },
        }));
        const said = judgeParts(parts, partial, max, "fine");
        if (holds.every(Boolean)) expect(said.verdict).toBe("passed");
        else
          expect(said).toMatchObject({
            verdict: "failed",
            points: partial ? (max * holds.filter(Boolean).length) / holds.length : 0,
          });
      },
    ),
  );
});
