import type { CheckVerdict } from "../../kit/define-check.ts";

/** Thrown where the exercise itself asks for what cannot be; staff are told, the student loses nothing. */
export class WrongExercise extends Error {
  override readonly name = "WrongExercise";
}

/** The verdict of a check whose settings make no sense in this cluster. */
export const wrongExercise = (expected: string, happened: string): CheckVerdict => ({
  verdict: "not_graded",
  fault: "exercise",
  message: { expected, happened, fix: "Nothing to fix on your side; staff are told." },
});
