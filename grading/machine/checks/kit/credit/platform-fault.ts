import type { CheckVerdict } from "../define-check.ts";

/** Thrown when a part of the machine's own that no student's content has touched does not work. */
export class MachineFault extends Error {
  override readonly name = "MachineFault";
}

/** The verdict when the machine, and not the student's work, kept a check from being graded: it costs no points. */
export const platformFault = (expected: string, happened: string): CheckVerdict => ({
  verdict: "not_graded",
  fault: "platform",
  message: {
    expected,
    happened,
    fix: "Nothing to fix on your side: the run is repeated on another machine.",
  },
});
