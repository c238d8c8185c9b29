import type { ExerciseSolution } from "#grading/exercises/load-exercise.ts";
import { CommandFailure, exitCode } from "./exit.ts";

/** The solution of that name. Throws CommandFailure (bad input) with those that there are. */
export function pickSolution(solutions: ExerciseSolution[], name: string, dir: string): ExerciseSolution {
  refuseNone(solutions, dir);
  const solution = solutions.find((each) => each.name === name);
  if (solution) return solution;
  const names = solutions.map((each) => each.name).join(", ");
  throw new CommandFailure(exitCode.badInput, `There is no solution ${name}; the exercise has ${names}.`);
}

/** Throws CommandFailure (bad input) for an exercise without solutions. */
export function refuseNone(solutions: ExerciseSolution[], dir: string): void {
  if (solutions.length > 0) return;
  throw new CommandFailure(
    exitCode.badInput,
    `${dir} has no solutions; add solutions/<name>/files/ and solutions/<name>/expect.yaml.`,
  );
}
