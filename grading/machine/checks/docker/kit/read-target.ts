import { re } from "re2js";
import type { CheckVerdict } from "../../kit/define-check.ts";
import { listHandedIn, readStudentText } from "../../kit/files/student-file.ts";
import { parseSettingsFile } from "./parse-limits.ts";

export const registryAddress = "127.0.0.1:5000";
const ownTarget = `${registryAddress}/drydock/persist:check`;
const maxBytes = 64 * 1024;
/** What the engine takes for the name of an image in this registry, with a tag. */
const reference = re`^(?:localhost|127\.0\.0\.1):5000/([a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*):([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$`;
const maxNameChars = 255;

/** Where to push to, as the student's file states it in IMAGE, or the verdict when it cannot be used. */
export async function readTarget(
  submissionDir: string,
  file: string | undefined,
): Promise<string | CheckVerdict> {
  if (file === undefined) return ownTarget;
  const fix = `Write a line IMAGE=${registryAddress}/name:1.0 into ${file}.`;
  const failed = (happened: string): CheckVerdict => ({
    verdict: "failed",
    message: { expected: `${file} states where the image is pushed to.`, happened, fix },
  });
  const read = await readStudentText(submissionDir, file, maxBytes);
  if (read.outcome !== "ok")
    return failed(
      read.outcome === "missing"
        ? `There is no file ${file}; the submission's root has ${await listHandedIn(submissionDir)}.`
        : `${file} is larger than 64 KiB.`,
    );
  const image = parseSettingsFile(read.text).get("IMAGE");
  if (!image) return failed(`${file} has no line IMAGE=….`);
  const match = reference.exec(image.text);
  const name = `${registryAddress}/${match?.[1]}`;
  if (match && name.length > maxNameChars)
    return failed(
      `Line ${image.line} of ${file} says an IMAGE whose name has ${name.length} characters, and ${maxNameChars} is the most.`,
    );
  if (!match)
    return failed(
      `Line ${image.line} of ${file} says IMAGE=${image.text.slice(0, 120)}, which is no name with a tag in the registry ${registryAddress}.`,
    );
  // One spelling, so that the engine knows the registry as its own machine's.
  return `${name}:${match[2]}`;
}
