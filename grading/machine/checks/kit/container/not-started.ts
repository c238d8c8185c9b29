import type { CheckVerdict } from "../define-check.ts";
import type { ContainerNotStarted } from "./blame-start.ts";

/** The verdict when what the image says to run cannot be run at all. */
export const notStarted = (error: ContainerNotStarted, expected: string): CheckVerdict => ({
  verdict: "failed",
  message: {
    expected,
    happened: `The container could not be started: ${error.message}.`,
    fix: fixes.find(([words]) => words.test(error.message))?.[1] ?? general,
  },
});

const general =
  "Check CMD, ENTRYPOINT and USER in the Dockerfile: the program must be in the image, executable and spelled right.";

/** By what the engine is known to say, for a better hint than the general one. */
const fixes: [RegExp, string][] = [
  [
    /no command/i,
    "Say with CMD or ENTRYPOINT in the Dockerfile which program the image runs; its base image names none.",
  ],
  [
    /mount/i,
    "Leave /tmp and /proc folders as the base image has them, and make nothing at /submission, /check or /.drydock: the grader mounts there.",
  ],
  [/uids and gids/i, "Write a USER that is in the image, or a number from 0 to 2147483647."],
  [/mkdir|not a directory|chdir/i, "Make WORKDIR a folder: a file of that name is in the image."],
];
