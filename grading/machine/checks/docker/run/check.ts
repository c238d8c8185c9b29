import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { exitInWords, fixForExit } from "../../kit/container/exit-in-words.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { withContainer } from "../../kit/container/start-container.ts";
import type { CheckVerdict, ContainerExit } from "../../kit/define-check.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { programWrote } from "../../kit/shown/shown.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { lastLineInWords, quoteOutput } from "../../kit/words/quote-output.ts";
import { dockerRun, type Settings } from "./settings.ts";

export const runImage = defineCheck(dockerRun, async (context, settings) => {
  const image = builtImage(context, settings.build);
  const { args, entrypoint, input, sandbox, seconds } = settings;
  const expected = expectedOf(settings);
  try {
    const excerpt = context.shown.excerpt(programWrote);
    const exit = await withContainer(
      context,
      sandbox,
      { image, args, entrypoint, input, excerpt },
      (running) => running.exit(seconds),
    );
    context.staff(`exit ${JSON.stringify({ ...exit, output: undefined })}\n${exit.output}`);
    return judgeExit(exit, settings, expected);
  } catch (error) {
    if (error instanceof ContainerNotStarted) return notStarted(error, expected);
    throw error;
  }
});

function expectedOf({ args, seconds, exitCode, output }: Settings): string {
  const what = args ? `docker run IMAGE ${args.join(" ")}` : "docker run IMAGE";
  const status = exitCode === "any" ? "ends" : `ends with exit status ${exitCode}`;
  return `${what} ${status} within ${seconds} s${output ? ` and writes ${matchInWords(output)}` : ""}.`;
}

function judgeExit(exit: ContainerExit, settings: Settings, expected: string): CheckVerdict {
  const ended = exitInWords(exit, settings.seconds, settings.sandbox);
  const failed = (happened: string, fix: string): CheckVerdict => ({
    verdict: "failed",
    message: { expected, happened, fix },
  });
  const fix = fixForExit(exit, settings.sandbox);
  const wrongStatus = settings.exitCode !== "any" && exit.exitCode !== settings.exitCode;
  if (exit.timedOut || exit.flooded || exit.oomKilled || wrongStatus)
    return failed(
      `${ended} ${lastLineInWords(exit.output)}`,
      fix ?? "Run the same command yourself, read its last lines, and correct what they name.",
    );
  if (settings.output && !textMatches(settings.output, exit.output))
    return failed(
      exit.output.trim() === ""
        ? `${ended} It wrote nothing.`
        : `${ended} It wrote ${quoteOutput(exit.output)}.`,
      `Make the program write ${matchInWords(settings.output)} to standard output before it ends.`,
    );
  return { verdict: "passed", message: { expected, happened: `${ended} The output is as asked.`, fix: "" } };
}
