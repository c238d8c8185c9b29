import { type ExerciseSolution, loadExercise } from "#grading/exercises/load-exercise.ts";

/** A solution of the exercise in a folder, which must be valid. */
export async function referenceSolution(exerciseDir: string, name: string): Promise<ExerciseSolution> {
  const loaded = await loadExercise(exerciseDir);
  if (loaded.outcome === "invalid") throw new Error(`${exerciseDir}: ${JSON.stringify(loaded.problems)}`);
  const solution = loaded.exercise.solutions.find((each) => each.name === name);
  if (!solution) throw new Error(`${exerciseDir} has no solution ${name}.`);
  return solution;
}

/** Where a file that the solution hands in lies. */
export function fileOf(solution: ExerciseSolution, inside: string): string {
  const file = solution.files.find(({ path }) => path === inside);
  if (!file) throw new Error(`${solution.name} hands in no ${inside}.`);
  return file.source;
}
