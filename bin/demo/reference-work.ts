import path from "node:path";
import { AppError } from "#course/errors.ts";
import { type ExerciseSolution, loadExercise } from "#grading/exercises/load-exercise.ts";
import { kindFor, type MachineKind } from "#grading/machines/machine-kind.ts";
import { readCourse } from "#infra/course-loader/read-course.ts";
import { demoCourse, sourceCourse } from "./demo-course.ts";

export interface ReferenceWork {
  /** As the API names it: course/assignment/exercise. */
  exercise: string;
  /** Scores full. */
  solution: ExerciseSolution;
  /** The machine that grades it. */
  machineKind: MachineKind;
}

/** The work that the demo hands in to an exercise of the course. Throws AppError where there is none. */
export async function referenceWork(contentDir: string, exercise: string): Promise<ReferenceWork> {
  const read = await readCourse(contentDir, sourceCourse);
  if (read.outcome === "invalid") throw firstProblem(contentDir, read.problems);
  const { assignments } = read.course.spec;
  const assignment = assignments.find((one) => one.exercises.includes(exercise));
  if (!assignment) {
    const known = assignments.flatMap((one) => one.exercises).sort();
    throw new AppError({
      code: "no-such-exercise",
      userMessage: `${sourceCourse} has no exercise ${exercise}; choose ${known.join(" or ")}.`,
    });
  }
  const dir = path.join(contentDir, sourceCourse, "exercises", exercise);
  const loaded = await loadExercise(dir);
  if (loaded.outcome === "invalid") throw firstProblem(dir, loaded.problems);
  const { spec, solutions } = loaded.exercise;
  const full = spec.checks.reduce((sum, check) => sum + check.points, 0);
  // Of several the last by name: whichever it is must stay the same from start to start.
  const best = solutions.findLast((solution) => solution.expect.score === full);
  if (!best) {
    throw new AppError({
      code: "no-reference",
      userMessage: `${exercise} has no solution that scores full.`,
    });
  }
  return {
    exercise: `${demoCourse}/${assignment.slug}/${exercise}`,
    solution: best,
    machineKind: kindFor(spec),
  };
}

function firstProblem(
  folder: string,
  [problem]: { file: string; line: number; message: string }[],
): AppError {
  return new AppError({
    code: "exercise-invalid",
    userMessage: `${folder}: ${problem?.file}:${problem?.line}: ${problem?.message}`,
  });
}
