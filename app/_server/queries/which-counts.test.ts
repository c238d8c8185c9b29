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
  it("is the one with most points, the earlier of two equal ones", () => {
    expect(counted([attempt(1, 10), attempt(2, 15), attempt(3, 12)])).toBe(1);
    expect(counted([attempt(1, 15), attempt(2, 15)])).toBe(0);
    expect(whichCounts([attempt(1, 15), attempt(2, 15)], none)[1]?.why).toContain("came first");
  });

  it("weighs points after the deduction for lateness", () => {
    const late = attempt(2, 20, { late: true });
    const answer = whichCounts([attempt(1, 19), late], deduct);
    expect(answer.map((one) => one.points)).toEqual([19, 18]);
    expect(answer[0]?.counts).toBe(true);
  });

  it("is a graded one even while a newer one is being graded", () => {
    expect(counted([attempt(1, 3), attempt(2, null)])).toBe(0);
  });

  it("is the newest that may still be graded while none is", () => {
    const hopeless = attempt(3, null, { run: { state: "not_gradable", score: null } });
    expect(counted([attempt(1, null), attempt(2, null), hopeless])).toBe(1);
    expect(counted([hopeless])).toBe(-1);
  });

  it("is never more than one, and one whenever there is a score", () => {
    const any = fc.record({ score: fc.option(fc.integer({ min: 0, max: 20 })), late: fc.boolean() });
    fc.assert(
      fc.property(fc.array(any), (made) => {
        const attempts = made.map(({ score, late }, i) => attempt(i + 1, score, { late }));
        const answer = whichCounts(attempts, deduct).filter((one) => one.counts);
        expect(answer.length).toBe(attempts.length > 0 ? 1 : 0);
      }),
    );
  });
});
