import { describe, expect, it } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import type { GradedLocally } from "../../grade-locally.ts";
import { compareSolution } from "./compare-solution.ts";

function check(id: string, verdict: CheckOutcome["verdict"], points: number): CheckOutcome {
  return {
    id,
    kind: "docker/run",
    title: id,
    verdict,
    fault: verdict === "passed" ? null : "student",
    points,
    maxPoints: 5,
    message: { expected: "168", happened: "printed 167\nand more", fix: "Count again." },
    staffOutput: "",
    startedAt: null,
    durationMs: 10,
  };
}

function graded(...checks: CheckOutcome[]): GradedLocally {
  const score = checks.reduce((sum, one) => sum + one.points, 0);
  return {
    state: "graded",
    fault: null,
    reason: null,
    score,
    maxScore: checks.length * 5,
    checks,
    machine: { seconds: 2 },
  };
}

const solution = (score: number, checks?: Record<string, CheckOutcome["verdict"]>) => ({
  name: "right",
  expect: { score, ...(checks ? { checks } : {}) },
});

describe("a solution", () => {
  it("scores as stated when score and named verdicts fit", () => {
    const report = compareSolution(solution(5, { b: "failed" }), [
      graded(check("a", "passed", 5), check("b", "failed", 0)),
    ]);
    expect(report).toMatchObject({ problems: [], scores: [5], flaky: [], platformFault: false });
  });

  it("does not score as stated when a failed check advises something else", () => {
    const grades = [graded(check("a", "passed", 5), check("b", "failed", 0))];
    const stating = (words: string) => ({
      name: "right",
      expect: { score: 5, checks: { b: "failed" as const }, advice: { b: words } },
    });
    expect(compareSolution(stating("count AGAIN"), grades).problems).toEqual([]);
    expect(compareSolution(stating("maxUnavailable"), grades).problems).toEqual([
      "b is to advise “maxUnavailable” and said: printed 167 and more Count again.",
    ]);
  });

  it("is told where it lost points when it scores otherwise", () => {
    const report = compareSolution(solution(10), [graded(check("a", "passed", 5), check("b", "failed", 0))]);
    expect(report.problems).toEqual(["scored 5 and states 10; it lost points at b (0 of 5)"]);
  });

  it("does not score as stated when a named verdict differs at the same score", () => {
    const report = compareSolution(solution(5, { a: "failed", b: "passed" }), [
      graded(check("a", "passed", 5), check("b", "failed", 0)),
    ]);
    expect(report.problems).toHaveLength(2);
    expect(report.problems[1]).toBe("b failed and is stated as passed: printed 167");
  });

  it("compares scores to the hundredth", () => {
    expect(compareSolution(solution(0.3), [graded(check("a", "failed", 0.1 + 0.2))]).problems).toEqual([]);
    expect(compareSolution(solution(0.31), [graded(check("a", "failed", 0.3))]).problems).toHaveLength(1);
  });

  it("is flaky when a check differs between runs, even at the same total", () => {
    const report = compareSolution(solution(5), [
      graded(check("a", "passed", 5), check("b", "failed", 0)),
      graded(check("a", "failed", 0), check("b", "passed", 5)),
    ]);
    expect(report.flaky).toEqual(["a", "b"]);
    expect(report.problems[0]).toBe(
      "a is flaky: run 1 passed with 5 points, run 2 failed with 0 points (printed 167)",
    );
    expect(report.seconds).toBe(4);
  });

  it("is no judgement of the exercise when the machine failed", () => {
    const failed: GradedLocally = {
      ...graded(),
      state: "not_gradable",
      fault: "platform",
      reason: "The machine ended before it reported a result.",
      score: null,
    };
    const report = compareSolution(solution(0), [failed]);
    expect(report).toMatchObject({ platformFault: true, scores: [null] });
    expect(report.problems).toEqual(["was not gradable: The machine ended before it reported a result."]);
  });
});
