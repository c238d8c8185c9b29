import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LatePolicy } from "#course/deadlines/late-policy.ts";
import { type Attempt, whichCounts } from "./which-counts.ts";

const due = new Date("2024-11-24T12:00:00Z");
const none: LatePolicy = { kind: "none" };
const deduct: LatePolicy = { kind: "deduct", percent: 10, per: "day", maxPercent: 100 };
const attempt = (number: number, score: number | null, over: Partial<Attempt> = {}): Attempt => ({
  number,
  receivedAt: due,
  dueAt: due,
  late: false,
  run: { state: score === null ? "running" : "graded", score },
  ...over,
});
const counted = (attempts: Attempt[], policy = none) =>
  whichCounts(attempts, policy).findIndex((one) => one.counts);

describe("which of a student's submissions counts", () => {
  it("is the last one, whatever the scores", () => {
    expect(counted([attempt(1, 15), attempt(2, 3)])).toBe(1);
    expect(whichCounts([attempt(1, 15), attempt(2, 3)], none)[0]?.why).toBe("Submission 2 came later.");
  });

  it("is the last one even while it is being graded, or could not be", () => {
    expect(counted([attempt(1, 3), attempt(2, null)])).toBe(1);
    const hopeless = attempt(2, null, { run: { state: "not_gradable", score: null } });
    expect(counted([attempt(1, 3), hopeless])).toBe(1);
  });

  it("is never one whose run was cancelled", () => {
    const cancelled = attempt(2, null, { run: { state: "cancelled", score: null } });
    expect(counted([attempt(1, 3), cancelled])).toBe(0);
    expect(counted([cancelled])).toBe(-1);
  });

  it("loses points for lateness as the policy says", () => {
    const [late] = whichCounts([attempt(1, 20, { late: true })], deduct);
    expect(late).toMatchObject({ points: 18, penaltyPercent: 10, counts: true });
  });

  it("is exactly one while any stands, whatever their order", () => {
    const any = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(any, (numbers) => {
        const attempts = numbers.map((number) => attempt(number, 1));
        const [only, ...more] = whichCounts(attempts, none).flatMap((one, i) =>
          one.counts ? [attempts[i]] : [],
        );
        expect(more).toEqual([]);
        expect(only?.number).toBe(Math.max(...numbers));
      }),
    );
  });
});
