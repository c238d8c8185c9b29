import type { CheckContext, CommandResult } from "../define-check.ts";
import type { PreparedDockerfile } from "./prepare-dockerfile.ts";
import { lastLines } from "./quote-output.ts";
import { listHandedIn } from "./student-file.ts";
import type { BuildExcess } from "./watch-build.ts";

interface Explained {
  happened: string;
  fix: string;
}

/** Why a build made no image, in sentences that name line, source, status and last output; null when it made one. */
export async function explainBuild(
  context: CheckContext,
  settings: { context: string; dockerfile: string; maxDiskMiB: number },
  prepared: PreparedDockerfile,
  result: CommandResult,
  output: string,
  excess: BuildExcess,
): Promise<Explained | null> {
  const where = failedLine(output, prepared);
  const ended = explainEnd(settings, result, excess, where);
  if (ended) return ended;
  if (result.exitCode === 0) return null;
  return (
    explainBase(output, where) ??
    (await explainCopy(context, settings, output, where)) ??
    explainSyntax(output, where) ??
    explainRun(output, where) ?? {
      happened: `docker build ended with status ${result.exitCode}${where}. Its last output:\n${lastLines(output)}`,
      fix: "Run docker build yourself with the same files and correct what its last lines name.",
    }
  );
}

function explainEnd(
  settings: { maxDiskMiB: number },
  result: CommandResult,
  excess: BuildExcess,
  where: string,
): Explained | null {
  if (excess === "forks")
    return {
      happened: `A RUN step${where} started processes without end: more than 512 at once for two seconds. The build was ended.`,
      fix: "Remove what starts itself again and again from the RUN steps.",
    };
  if (excess === "disk")
    return {
      happened: `The build${where} put more than ${settings.maxDiskMiB} MiB on the disk and was ended.`,
      fix: "Remove the RUN step that writes without end.",
    };
  if (result.ended === "output-flood")
    return {
      happened: `A RUN step${where} flooded the build's output and was ended.`,
      fix: "Let RUN steps write less; redirect what nobody reads to /dev/null.",
    };
  const seconds = Math.round(result.durationMs / 1000);
  const output = `${result.stdout}\n${result.stderr}`;
  if (result.ended === "timed-out" && forksRefused.test(output))
    return {
      happened: `A RUN step${where} started processes without end: it wanted more than 512 at once and was still running after ${seconds} s. The build was ended.`,
      fix: "Remove what starts itself again and again from the RUN steps.",
    };
  // BuildKit shows no more than this of a step that writes, and says so once.
  if (result.ended === "timed-out" && /\[output clipped, log limit \S+ reached\]/.test(output))
    return {
      happened: `A RUN step${where} flooded the build's output and was still running after ${seconds} s. The build was ended.`,
      fix: "Let RUN steps write less, and end by themselves.",
    };
  if (result.ended === "timed-out")
    return {
      happened: `The build did not finish within ${seconds} s and was ended${where}. Its last output:\n${lastLines(output)}`,
      fix: "A RUN step must end by itself: start servers with CMD, and wait for no input.",
    };
  return null;
}

/** " in line 3 (RUN make)": a failed line is marked with >>>; of a build that was ended the last step is known. */
function failedLine(output: string, prepared: PreparedDockerfile): string {
  const marked = /^\s*(\d+)\s*\|\s*>>>\s?(.*)$/m.exec(output);
  if (marked) return ` in line ${marked[1]} (${(marked[2] ?? "").trim().slice(0, 200)})`;
  const last = [...output.matchAll(/^#\d+ \[[^\]]*?\d+\/\d+\] (.*)$/gm)].at(-1);
  if (!last) return "";
  const text = (last[1] ?? "").trim();
  const instruction = prepared.parsed
    .getInstructions()
    .find((each) => text.startsWith(each.toString().split("\n")[0] ?? "-"));
  const line = instruction ? `line ${instruction.getRange().start.line + 1}` : "the step";
  return ` in ${line} (${text.slice(0, 200)})`;
}

function explainBase(output: string, where: string): Explained | null {
  const image =
    /(?:failed to resolve source metadata for|pull access denied for|manifest for) (\S+?)[:,]? /.exec(output);
  if (!image) return null;
  return {
    happened: `The build needs the image ${image[1]}${where}, which is not here, and builds have no internet.`,
    fix: "Build FROM one of the base images that the exercise's page lists.",
  };
}

async function explainCopy(
  context: CheckContext,
  settings: { context: string; dockerfile: string },
  output: string,
  where: string,
): Promise<Explained | null> {
  const source =
    /failed to (?:calculate checksum|compute cache key)[^\n]*?"\/?([^"\n]+)": not found/.exec(output)?.[1] ??
    /(?:COPY|ADD) failed: (?:file not found in build context[^\n]*?: stat |stat )([^:\n]+): (?:file|no such)/.exec(
      output,
    )?.[1] ??
    /lstat (?:\S*\/buildkit-mount\d+\/)?(\S+): no such file/.exec(output)?.[1];
  if (source === undefined) return null;
  return {
    happened: `${source} was to be copied into the image${where}, but it was not handed in or .dockerignore leaves it out. The build context has ${await listHandedIn(context.submissionDir, settings.context)}.`,
    fix: `Hand in ${source}, or correct its name in ${settings.dockerfile}.`,
  };
}

function explainSyntax(output: string, where: string): Explained | null {
  const parse =
    /(?:dockerfile parse error|Dockerfile parse error|failed to parse)[^\n]*?(?:line (\d+))?: ([^\n]+)/.exec(
      output,
    );
  if (!parse) return null;
  const line = parse[1] ? ` in line ${parse[1]}` : where;
  return {
    happened: `The Dockerfile cannot be read${line}: ${parse[2]?.trim()}.`,
    fix: "Correct the spelling of the instruction; each line begins with one, such as FROM, COPY or RUN.",
  };
}

function explainRun(output: string, where: string): Explained | null {
  const failed =
    /process "([^\n]*?)" did not complete successfully: (?:exit code: (\d+)|([^\n]+))/.exec(output) ??
    /The command '([^\n]*?)' returned a non-zero code: (\d+)/.exec(output);
  if (!failed) return null;
  const status = failed[2] ? `exit status ${failed[2]}` : (failed[3] ?? "an error");
  const tail = `Its last output:\n${lastLines(stepOutput(output))}`;
  const why = [...causes].find(([pattern]) => pattern.test(output));
  const happened = `A RUN step failed${where} with ${status}${why ? `: ${why[1].happened}` : ""}. ${tail}`;
  return {
    happened,
    fix:
      why?.[1].fix ??
      "Run the same command in a container of the base image and correct what its last lines name.",
  };
}

const forksRefused = /can't fork|cannot fork|fork: retry|fork: Resource temporarily unavailable/i;

const causes: [RegExp, Explained][] = [
  [
    /temporary failure (?:in name )?resol|could not resolve|network is unreachable|bad address|EAI_AGAIN|name or service not known|getaddrinfo|Name does not resolve/i,
    {
      happened: "it wanted the internet, and builds have none",
      fix: "Install nothing in RUN: use a base image that has what you need, or hand the files in and COPY them.",
    },
  ],
  [
    forksRefused,
    { happened: "it started more than 512 processes at once", fix: "Start fewer processes in RUN." },
  ],
  [/no space left on device/i, { happened: "it filled the disk", fix: "Let RUN write less." }],
  [
    /exit code: 137|returned a non-zero code: 137/,
    { happened: "it was killed, as happens when it takes too much memory", fix: "Let RUN use less memory." },
  ],
];

/** What the failed step wrote, without the builder's own lines: BuildKit numbers the lines of a step and times them. */
function stepOutput(output: string): string {
  const lines = output.split("\n");
  const step = /^#(\d+) ERROR: process/m.exec(output)?.[1];
  if (step === undefined) return output;
  const line = new RegExp(`^#${step} \\d+\\.\\d+ ?`);
  const written = lines.filter((each) => line.test(each)).map((each) => each.replace(line, ""));
  return written.length > 0 ? written.join("\n") : "nothing";
}
