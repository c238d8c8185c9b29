import { compareAdvice } from "#grading/exercises/compare-advice.ts";
import type { ExerciseSolution } from "#grading/exercises/load-exercise.ts";
import type { GradedLocally } from "../../grade-locally.ts";
import { printable } from "../../terminal.ts";

export interface SolutionReport {
  name: string;
  expectedScore: number;
  /** One a run; null when the run was not gradable. */
  scores: (number | null)[];
  /** Ids of checks whose verdict or points differ between runs. */
  flaky: string[];
  /** Seconds of machine time, all runs together. */
  seconds: number;
  /** Sentences; empty when every run scored as stated. */
  problems: string[];
  platformFault: boolean;
}

/** Holds what grading a solution gave, once or several times, against what it states: score, verdicts and advice. */
export function compareSolution(
  solution: Pick<ExerciseSolution, "name" | "expect">,
  grades: GradedLocally[],
): SolutionReport {
  const flaky = flakyChecks(grades);
  return {
    name: solution.name,
    expectedScore: solution.expect.score,
    scores: grades.map((grade) => grade.score),
    flaky,
    seconds: grades.reduce((sum, grade) => sum + grade.machine.seconds, 0),
    problems: [
      ...new Set(grades.flatMap((grade) => problemsOf(solution.expect, grade))),
      ...flaky.map((id) => `${id} is flaky: ${describeRuns(grades, id)}`),
    ],
    platformFault: grades.some((grade) => grade.fault === "platform" || grade.fault === "check"),
  };
}

function problemsOf(expect: ExerciseSolution["expect"], grade: GradedLocally): string[] {
  if (grade.score === null) return [`was not gradable: ${grade.reason ?? "no reason given"}`];
  const problems: string[] = [];
  // Both sides are hundredths at most; a float's tail is no difference.
  if (Math.round(grade.score * 100) !== Math.round(expect.score * 100)) {
    problems.push(`scored ${grade.score} and states ${expect.score}; ${lostPoints(grade)}`);
  }
  for (const check of grade.checks) {
    const wanted = expect.checks?.[check.id];
    if (wanted === undefined || wanted === check.verdict) continue;
    problems.push(
      `${check.id} ${check.verdict} and is stated as ${wanted}: ${printable(firstLine(check.message.happened))}`,
    );
  }
  return [...problems, ...compareAdvice(expect, grade.checks).map(printable)];
}

function lostPoints(grade: GradedLocally): string {
  const lost = grade.checks.filter((check) => check.points < check.maxPoints);
  if (lost.length === 0) return "it lost no points";
  return `it lost points at ${lost.map((check) => `${check.id} (${check.points} of ${check.maxPoints})`).join(", ")}`;
}

function flakyChecks(grades: GradedLocally[]): string[] {
  const outcomes = new Map<string, Set<string>>();
  for (const check of grades.flatMap((grade) => grade.checks)) {
    const seen = outcomes.get(check.id) ?? new Set();
    outcomes.set(check.id, seen.add(`${check.verdict} ${check.points}`));
  }
  return [...outcomes].filter(([, seen]) => seen.size > 1).map(([id]) => id);
}

function describeRuns(grades: GradedLocally[], id: string): string {
  return grades
    .map((grade, run) => {
      const check = grade.checks.find((one) => one.id === id);
      if (!check) return `run ${run + 1} did not reach it`;
      // What failed once and not again is hard to get to see a second time.
      const why = check.verdict === "passed" ? "" : ` (${printable(firstLine(check.message.happened))})`;
      return `run ${run + 1} ${check.verdict} with ${check.points} points${why}`;
    })
    .join(", ");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
