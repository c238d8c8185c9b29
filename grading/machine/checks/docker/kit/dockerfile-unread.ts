import type { CheckVerdict } from "../../kit/define-check.ts";

export const maxDockerfileBytes = 64 * 1024;

/** The verdict when there is no Dockerfile to look at. */
export const dockerfileUnread = (
  file: string,
  why: "missing" | "too-large",
  handedIn: string,
): CheckVerdict => ({
  verdict: "failed",
  message: {
    expected: `${file} is handed in.`,
    happened:
      why === "missing"
        ? `There is no file ${file}; the submission's root has ${handedIn}.`
        : `${file} is larger than ${maxDockerfileBytes / 1024} KiB.`,
    fix:
      why === "missing"
        ? `Add ${file}, spelled exactly so and without an extension, and submit again.`
        : `Make ${file} smaller; it is a recipe, not data.`,
  },
});
