import type { CheckVerdict } from "../define-check.ts";

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
