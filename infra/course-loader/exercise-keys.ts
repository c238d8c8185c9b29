import type { CourseExercise } from "./read-course.ts";

/** Where an exercise's files lie in the store; named by what they hold. */
export function exerciseKeys(exercise: CourseExercise): { hiddenKey: string; starterKey: string | null } {
  const folder = `exercises/${exercise.hash}`;
  return {
    hiddenKey: `${folder}/hidden.tar`,
    starterKey: exercise.starter.length > 0 ? `${folder}/starter.zip` : null,
  };
}
