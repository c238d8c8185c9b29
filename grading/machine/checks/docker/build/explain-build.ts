import { RE2JS, re } from "re2js";
import { forksRefused } from "../../kit/container/forks-refused.ts";
import type { CheckContext, CommandResult } from "../../kit/define-check.ts";
import { listHandedIn } from "../../kit/files/student-file.ts";
import { lastLineInWords } from "../../kit/words/quote-output.ts";
import { withoutTrailing } from "../../kit/words/without-trailing.ts";
import type { PreparedDockerfile } from "./prepare-dockerfile.ts";
import { findDenied } from "./source-policy.ts";
import type { BuildTaken } from "./watch-build.ts";

interface Explained {
  happened: string;
  fix: string;
}

interface BuildRules {
  context: string;
  dockerfile: string;
  maxDiskMiB: number;
  maxOutputMiB: number;
}

/** The builder's own words; between them stands what the student wrote, so none may be matched by going back. */
const markedLine = re(RE2JS.MULTILINE)`^[ \t]*(\d+)[ \t]*\|[ \t]*>>>\s?(.*)$`;
const begunStep = re`^#\d+ \[[^\]]*?\d+/\d+\] (.*)$`;
const missingImage = re`(?:failed to resolve source metadata for|pull access denied for|manifest for) (\S+?)[:,]? `;
const missingSource = [
  re`failed to (?:calculate checksum|compute cache key)[^\n]*?"/?([^"\n]+)": not found`,
  re`(?:COPY|ADD) failed: (?:file not found in build context[^\n]*?: stat |stat )([^:\n]+): (?:file|no such)`,
  re`lstat (?:\S*/buildkit-mount\d+/)?(\S+): no such file`,
];
const syntaxError = re`(?:dockerfile parse error|Dockerfile parse error|failed to parse)[^\n]*?(?:line (\d+))?: ([^\n]+)`;
const stepFailed = re`process "([^\n]*?)" did not complete successfully: (?:exit code: (\d+)|([^\n]+))`;
const oldStepFailed = re`The command '([^\n]*?)' returned a non-zero code: (\d+)`;
const stepTime = /^\d+\.\d+ ?/;

/** Why a build made no image, in sentences that name line, source, status and last output; null when it made one. */
export async function explainBuild(
  context: CheckContext,
  rules: BuildRules,
  prepared: PreparedDockerfile,
  result: CommandResult,
  taken: BuildTaken,
): Promise<Explained | null> {
  const output = `${result.stdout}\n${result.stderr}`;
  const where = failedLine(output, prepared);
  if (result.ended !== "exited") return explainEnd(rules, result, output, taken, where);
  if (result.exitCode === 0) return null;
  return (
    explainDenied(output, where) ??
    explainBase(output, where) ??
    (await explainCopy(context, rules, output, where)) ??
    explainSyntax(output, where) ??
    explainRun(output, taken, where) ?? {
      happened: `docker build ended with status ${result.exitCode}${where}. ${lastLineInWords(output)}`,
      fix: "Run docker build yourself with the same files and correct what its last lines name.",
    }
  );
}

/** What a build that we ended did: each sentence has the rule's number and when it was ended. */
function explainEnd(
  rules: BuildRules,
  result: CommandResult,
  output: string,
  taken: BuildTaken,
  where: string,
): Explained {
  const seconds = (result.durationMs / 1000).toFixed(1);
  if (result.ended === "output-flood")
    return {
      happened: `A RUN step${where} flooded the build's output: more than the ${rules.maxOutputMiB} MiB that a build may write. The build was ended after ${seconds} s.`,
      fix: "Let RUN steps write less; redirect what nobody reads to /dev/null.",
    };
  if (taken.excess === "disk")
    return {
      happened: `The build${where} put more on the disk than the ${rules.maxDiskMiB} MiB that it may, and was ended after ${seconds} s.`,
      fix: "Remove the RUN step that writes without end.",
    };
  if (taken.excess === "forks" || taken.forksRefused || forksRefused.test(output))
    return {
      happened: `A RUN step${where} started processes without end: it wanted more than the ${taken.processLimit ?? 512} at once that a build may have. The build was ended after ${seconds} s.`,
      fix: "Remove what starts itself again and again from the RUN steps.",
    };
  return {
    happened: `The build did not finish within its ${Math.round(result.durationMs / 1000)} s${where} and was ended. ${lastLineInWords(output)}`,
    fix: "A RUN step must end by itself: start servers with CMD, and wait for no input.",
  };
}

/** " in line 3 (RUN make)": a failed line is marked with >>>; of a build that was ended the last step is known. */
function failedLine(output: string, prepared: PreparedDockerfile): string {
  const marked = markedLine.exec(output);
  if (marked) return ` in line ${marked[1]} (${(marked[2] ?? "").trim().slice(0, 200)})`;
  const text = lastStep(output);
  if (text === null) return "";
  const instruction = prepared.parsed.getInstructions().find((each) => text.startsWith(firstLineOf(each)));
  const line = instruction ? `line ${instruction.getRange().start.line + 1}` : "the step";
  return ` in ${line} (${text.slice(0, 200)})`;
}

/** The last step that the builder began, such as "RUN make"; null when there is none. */
function lastStep(output: string): string | null {
  const line = output.split("\n").findLast((each) => each.startsWith("#") && begunStep.test(each));
  return line === undefined ? null : (begunStep.exec(line)?.[1] ?? "").trim();
}

/** As the student wrote it: the parser's own words for an instruction lose its backslashes. */
const firstLineOf = (instruction: ReturnType<PreparedDockerfile["parsed"]["getInstructions"]>[number]) =>
  withoutTrailing(
    withoutTrailing(
      `${instruction.getInstruction()} ${instruction.getRawArgumentsContent() ?? ""}`.split("\n", 1)[0] ?? "",
      "\\",
    ),
    " ",
  );

function explainDenied(output: string, where: string): Explained | null {
  const denied = findDenied(output);
  if (denied === null) return null;
  return denied.what === "image"
    ? noImage(denied.name, where)
    : {
        happened: `The build wanted to download ${denied.name}${where}, and builds have no internet.`,
        fix: "Hand the file in and COPY it.",
      };
}

const noImage = (image: string, where: string): Explained => ({
  happened: `The build needs the image ${image}${where}, which is not here, and builds have no internet.`,
  fix: "Use one of the base images that the exercise's page lists.",
});

function explainBase(output: string, where: string): Explained | null {
  const image = missingImage.exec(output);
  return image ? noImage(image[1] ?? "", where) : null;
}

async function explainCopy(
  context: CheckContext,
  settings: { context: string; dockerfile: string },
  output: string,
  where: string,
): Promise<Explained | null> {
  const source = missingSource.map((words) => words.exec(output)?.[1]).find((source) => source !== undefined);
  if (source === undefined) return null;
  return {
    happened: `${source} was to be copied into the image${where}, but it was not handed in or .dockerignore leaves it out. The build context has ${await listHandedIn(context.submissionDir, settings.context)}.`,
    fix: `Hand in ${source}, or correct its name in ${settings.dockerfile}.`,
  };
}

function explainSyntax(output: string, where: string): Explained | null {
  const parse = syntaxError.exec(output);
  if (!parse) return null;
  const line = parse[1] ? ` in line ${parse[1]}` : where;
  return {
    happened: `The Dockerfile cannot be read${line}: ${parse[2]?.trim()}.`,
    fix: "Correct the spelling of the instruction; each line begins with one, such as FROM, COPY or RUN.",
  };
}

function explainRun(output: string, taken: BuildTaken, where: string): Explained | null {
  const failed = stepFailed.exec(output) ?? oldStepFailed.exec(output);
  if (!failed) return null;
  const status = failed[2] ? `exit status ${failed[2]}` : (failed[3] ?? "an error");
  const tail = lastLineInWords(stepOutput(output));
  const why = causeOf(output, taken);
  return {
    happened: `A RUN step failed${where} with ${status}${why ? `: ${why.happened}` : ""}. ${tail}`,
    fix:
      why?.fix ??
      "Run the same command in a container of the base image and correct what its last lines name.",
  };
}

/** Why a step failed, where more is known than its status: from its cgroup first, then from what it wrote. */
function causeOf(output: string, taken: BuildTaken): Explained | null {
  if (/exit code: 137|returned a non-zero code: 137/.test(output))
    return taken.memoryUsedUp && taken.memoryLimit !== null
      ? {
          happened: `it took more than the ${Math.floor(taken.memoryLimit / 1024 ** 2)} MiB of memory that a build may have, and was killed`,
          fix: "Let RUN use less memory.",
        }
      : { happened: "it was killed", fix: "Look for what kills a process in the RUN step." };
  if (taken.forksRefused || forksRefused.test(output))
    return {
      happened: `it wanted more than the ${taken.processLimit ?? 512} processes at once that a build may have`,
      fix: "Start fewer processes in RUN.",
    };
  if (offline.test(output))
    return {
      happened: "it wanted the internet, and builds have none",
      fix: "Install nothing in RUN: use a base image that has what you need, or hand the files in and COPY them.",
    };
  if (/no space left on device/i.test(output))
    return { happened: "it filled the disk", fix: "Let RUN write less." };
  return null;
}

const offline =
  /temporary failure (?:in name )?resol|could not resolve|network is unreachable|bad address|EAI_AGAIN|name or service not known|getaddrinfo|Name does not resolve/i;

/** What the failed step wrote, without the builder's own lines: BuildKit numbers the lines of a step and times them. */
function stepOutput(output: string): string {
  const lines = output.split("\n");
  const step = /^#(\d+) ERROR: process/m.exec(output)?.[1];
  if (step === undefined) return output;
  const start = `#${step} `;
  const written = lines
    .filter((each) => each.startsWith(start))
    .map((each) => each.slice(start.length))
    .filter((each) => stepTime.test(each))
    .map((each) => each.replace(stepTime, ""));
  return written.length > 0 ? written.join("\n") : "";
}
