import type { Part } from "../../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import { type ExecTarget, execInPod } from "./exec-in-pod.ts";

/** Writes text into a file of a container; what kept it from being written, or null. */
export async function writeFile(
  context: CheckContext,
  into: ExecTarget,
  file: string,
  text: string,
): Promise<Part["problem"]> {
  const { admin } = context.kubernetes();
  const command = ["sh", "-c", 'printf %s "$1" > "$2"', "sh", text, file];
  const ended = await execInPod(admin, into, command, context.signal);
  const where = `Container ${into.container} of pod ${into.pod}`;
  if (ended.outcome === "not-started")
    return {
      happened: `${where} has no shell (sh) to write ${file} with: ${quoteOutput(ended.words)}.`,
      fix: "Use an image with a shell, such as one that is made FROM debian or busybox.",
    };
  if (ended.exitCode === 0) return null;
  return {
    happened: `${where} cannot write ${file}: ${quoteOutput(ended.stderr)}.`,
    fix: "Mount the volume without readOnly, and let the container's user write there (securityContext.fsGroup).",
  };
}

/** A file's text in a container; null when it is not there or cannot be read. */
export async function readFile(
  context: CheckContext,
  from: ExecTarget,
  file: string,
): Promise<string | null> {
  const ended = await execInPod(context.kubernetes().admin, from, ["cat", file], context.signal);
  return ended.outcome === "ended" && ended.exitCode === 0 ? ended.stdout : null;
}
