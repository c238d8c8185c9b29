import type { CheckVerdict } from "../define-check.ts";
import type { ContainerNotStarted } from "./start-container.ts";

/** The verdict when what the image says to run cannot be run at all. */
export const notStarted = (error: ContainerNotStarted, expected: string): CheckVerdict => ({
  verdict: "failed",
  message: {
    expected,
    happened: `The container could not be started: ${error.message}.`,
    fix: "Check CMD, ENTRYPOINT and USER in the Dockerfile: the program must be in the image, executable and spelled right.",
  },
});
