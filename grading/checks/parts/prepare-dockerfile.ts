import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Dockerfile, DockerfileParser } from "dockerfile-ast";
import type { CheckContext, CheckVerdict } from "../define-check.ts";
import { isStage, lineOf } from "../docker/lint-rules.ts";
import { catalogueNames, hasImage } from "./catalogue.ts";
import { dockerfileUnread, maxDockerfileBytes } from "./dockerfile-unread.ts";
import { listHandedIn, readStudentText, statStudentFile } from "./student-file.ts";

export interface PreparedDockerfile {
  /** A copy outside the submission, line for line the same. */
  file: string;
  parsed: Dockerfile;
  /** Folder with the build context. */
  context: string;
  remove(): Promise<void>;
}

/**
 * Reads the Dockerfile and names what could never be built here before anything is started: no such file, a syntax
 * of its own that would be downloaded, base images that are not in the catalogue.
 */
export async function prepareDockerfile(
  context: CheckContext,
  settings: { context: string; dockerfile: string },
): Promise<PreparedDockerfile | CheckVerdict> {
  const folder = path.posix.normalize(settings.context);
  const file = path.posix.join(folder, settings.dockerfile);
  if ((await statStudentFile(context.submissionDir, folder))?.kind !== "folder")
    return failed(
      `The build context ${settings.context} is handed in.`,
      `There is no folder ${settings.context}; the submission's root has ${await listHandedIn(context.submissionDir)}.`,
      `Add the folder ${settings.context} and submit again.`,
    );
  const read = await readStudentText(context.submissionDir, file, maxDockerfileBytes);
  if (read.outcome !== "ok")
    return dockerfileUnread(file, read.outcome, await listHandedIn(context.submissionDir));
  const parsed = DockerfileParser.parse(read.text);
  const problem = (await foreignSyntax(parsed)) ?? (await unknownBase(context, parsed));
  if (problem) return problem;
  const copyDir = await mkdtemp(path.join(os.tmpdir(), "dockerfile-"));
  const copy = path.join(copyDir, "Dockerfile");
  await writeFile(copy, withoutSyntax(read.text), { mode: 0o600 });
  return {
    file: copy,
    parsed,
    context: path.join(context.submissionDir, folder),
    remove: () => rm(copyDir, { recursive: true, force: true }),
  };
}

const failed = (expected: string, happened: string, fix: string): CheckVerdict => ({
  verdict: "failed",
  message: { expected, happened, fix },
});

/**
 * `# syntax=docker/dockerfile:1` would be downloaded, though the engine has it built in: the line becomes an ordinary
 * comment. Line numbers stay.
 */
const withoutSyntax = (text: string) =>
  text.replace(/^([ \t]*#[ \t]*)syntax([ \t]*=)/im, "$1(built-in) syntax$2");

async function foreignSyntax(parsed: Dockerfile): Promise<CheckVerdict | null> {
  const directive = parsed.getDirectives().find((each) => each.getName().toLowerCase() === "syntax");
  const value = directive?.getValue() ?? "";
  if (value === "" || /^(docker\.io\/)?docker\/dockerfile(:|@|$)/.test(value)) return null;
  return failed(
    "The Dockerfile uses the ordinary Dockerfile syntax.",
    `Its first line asks for the syntax ${value}, which would have to be downloaded, and builds have no internet.`,
    "Remove the line # syntax=… from the Dockerfile.",
  );
}

async function unknownBase(context: CheckContext, parsed: Dockerfile): Promise<CheckVerdict | null> {
  for (const from of parsed.getFROMs()) {
    const image = from.getImage();
    // Names made with ARG are the builder's to work out.
    if (!image || image === "scratch" || image.includes("$") || isStage(parsed, from)) continue;
    if (await hasImage(context.docker, image)) continue;
    return unknownImage(image, lineOf(from), await catalogueNames(context.docker));
  }
  return null;
}

const unknownImage = (image: string, line: number, names: string[]) =>
  failed(
    "Every FROM names one of the base images that are ready here.",
    `Line ${line} builds FROM ${image}, which is not among them, and builds have no internet.`,
    `Build FROM one of: ${names.join(", ")}.`,
  );
