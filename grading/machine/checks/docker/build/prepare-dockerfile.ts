import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Dockerfile, DockerfileParser } from "dockerfile-ast";
import { catalogueNames } from "../../kit/container/base-images.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { listHandedIn, readStudentText, statStudentFile } from "../../kit/files/student-file.ts";
import { isStage, lineOf } from "../kit/dockerfile-stages.ts";
import { dockerfileUnread, maxDockerfileBytes } from "../kit/dockerfile-unread.ts";
import { type AskedSyntax, findSyntax, withoutSyntax } from "./foreign-syntax.ts";
import { readReference, wholeName } from "./image-reference.ts";
import { catalogueName, sourcePolicy } from "./source-policy.ts";
import { findGrowth } from "./variable-growth.ts";

export interface PreparedDockerfile {
  /** A copy outside the submission, line for line the same. */
  file: string;
  /** What the builder may take from elsewhere, for buildCommand. */
  policyFile: string;
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
  const asked = findSyntax(read.text);
  const names = await catalogueNames(context.docker);
  const problem = foreignSyntax(asked) ?? tooMuchGrowth(parsed) ?? unknownBase(parsed, names);
  if (problem) return problem;
  const copyDir = await mkdtemp(path.join(os.tmpdir(), "dockerfile-"));
  const copy = path.join(copyDir, "Dockerfile");
  await writeFile(copy, asked === null ? read.text : withoutSyntax(read.text, asked), { mode: 0o600 });
  const policyFile = path.join(copyDir, "sources.json");
  await writeFile(policyFile, JSON.stringify(sourcePolicy(names)), { mode: 0o600 });
  return {
    file: copy,
    policyFile,
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
 * An image that reads a Dockerfile runs outside of what bounds RUN steps. Only what the builder has built in may be
 * asked for, in the one form in which every builder takes it.
 */
function foreignSyntax(asked: AskedSyntax | null): CheckVerdict | null {
  if (asked === null) return null;
  const builtIn = /^(docker\.io\/)?docker\/dockerfile(:|@|$)/.test(asked.value);
  if (builtIn && asked.form === "hash") return null;
  const where = asked.form === "json" ? "It is a JSON object that" : `Line ${asked.line}`;
  return failed(
    "The Dockerfile uses the ordinary Dockerfile syntax.",
    `${where} asks for the syntax ${asked.value.slice(0, 200)}, which would have to be downloaded, and builds have no internet.`,
    asked.form === "json"
      ? "Write a Dockerfile: lines that begin with FROM, COPY, RUN and so on."
      : `Remove line ${asked.line} from the Dockerfile.`,
  );
}

function tooMuchGrowth(parsed: Dockerfile): CheckVerdict | null {
  const line = findGrowth(parsed);
  if (line === null) return null;
  return failed(
    "The values of ENV and ARG, put in wherever they are used, make at most 16 MiB.",
    `At line ${line} they make more.`,
    "Keep large data in files that are handed in, and let no variable hold another one several times over.",
  );
}

function unknownBase(parsed: Dockerfile, names: string[]): CheckVerdict | null {
  const known = new Set(names.map(catalogueName));
  for (const from of parsed.getFROMs()) {
    const image = from.getImage();
    // Names made with ARG, quotes or escapes are the builder's to work out; it reaches the same images.
    if (!image || image === "scratch" || /["'$\\]/.test(image) || isStage(parsed, from)) continue;
    const read = readReference(image);
    if (read.outcome === "wrong") return noReference(image, lineOf(from), read);
    if (!known.has(wholeName(read.reference))) return unknownImage(image, lineOf(from), names);
  }
  return null;
}

const noReference = (image: string, line: number, { rule, fix }: { rule: string; fix: string }) =>
  failed(
    "Every FROM has the name of an image.",
    `Line ${line} builds FROM ${image.slice(0, 200)}, which cannot be one. ${rule}`,
    fix,
  );

const unknownImage = (image: string, line: number, names: string[]) =>
  failed(
    "Every FROM names one of the base images that are ready here.",
    `Line ${line} builds FROM ${image.slice(0, 200)}, which is not among them, and builds have no internet.`,
    `Build FROM one of: ${names.join(", ")}.`,
  );
