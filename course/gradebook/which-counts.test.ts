import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attempt, whichCounts } from "./which-counts.ts";

const attempt = (number: number, score: number | null, over: Partial<Attempt> = {}): Attempt => ({
  number,
  penaltyPercent: 0,
  result: { state: score === null ? "waiting" : "graded", score },
  ...over,
});
const counted = (attempts: Attempt[]) => whichCounts(attempts).findIndex((one) => one.counts);

describe("which of a student's submissions counts", () => {
  it("is the last one, whatever the scores", () => {
    expect(counted([attempt(1, 15), attempt(2, 3)])).toBe(1);
    expect(whichCounts([attempt(1, 15), attempt(2, 3)])[0]?.why).toBe("Submission 2 came later.");
  });

  it("is the last one even while it is being graded, or could not be", () => {
    expect(counted([attempt(1, 3), attempt(2, null)])).toBe(1);
    const hopeless = attempt(2, null, { result: { state: "not-gradable", score: null } });
    expect(counted([attempt(1, 3), hopeless])).toBe(1);
  });

  it("is never one whose run was cancelled", () => {
    const cancelled = attempt(2, null, { result: null });
    expect(counted([attempt(1, 3), cancelled])).toBe(0);
    expect(counted([cancelled])).toBe(-1);
  });

  it("is not decided by what the queue left out: a superseded one stands when every later one was cancelled", () => {
    const superseded = attempt(1, null, { result: { state: "superseded", score: null } });
    const cancelled = attempt(2, null, { result: null });
    expect(counted([superseded, attempt(2, 3)])).toBe(1);
    expect(whichCounts([superseded, attempt(2, 3)])[0]?.why).toBe("Submission 2 came later.");
    expect(counted([superseded, cancelled])).toBe(0);
  });

  it("is never one that its student took out of the queue, and that one says what to do", () => {
    const withdrawn = attempt(2, null, { result: { state: "withdrawn", score: null } });
    expect(counted([attempt(1, 3), withdrawn])).toBe(0);
    expect(counted([withdrawn])).toBe(-1);
    expect(whichCounts([withdrawn])[0]).toEqual({
      ...{ counts: false, points: null, why: "You cancelled its run: it counts once it was run again." },
    });
  });

  it("loses the points that its lateness costs, and says so", () => {
    const [late] = whichCounts([attempt(1, 20, { penaltyPercent: 10 })]);
    expect(late).toEqual({ points: 18, counts: true, why: "Your last one, less 10% for lateness." });
  });

  it("is never one that another of the team sent after this student's own deadline", () => {
    const [own, theirs] = whichCounts([attempt(1, 3), attempt(2, 20, { tooLate: true })]);
    expect(own?.counts).toBe(true);
    expect(theirs).toMatchObject({ counts: false, points: null });
    expect(theirs?.why).toMatch(/^Your own deadline was over/);
  });

  it("is exactly one while any stands, whatever their order", () => {
    const any = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(any, (numbers) => {
        const attempts = numbers.map((number) => attempt(number, 1));
        const [only, ...more] = whichCounts(attempts).flatMap((one, i) => (one.counts ? [attempts[i]] : []));
        expect(more).toEqual([]);
        expect(only?.number).toBe(Math.max(...numbers));
      }),
    );
  });
});
