import type { z } from "zod";
import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { exitInWords, fixForExit } from "../../kit/container/exit-in-words.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { type RunningContainer, withContainer } from "../../kit/container/start-container.ts";
import { platformFault } from "../../kit/credit/platform-fault.ts";
import type { CheckVerdict } from "../../kit/define-check.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { programWrote } from "../../kit/shown/shown.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { lastLineInWords, quoteOutput } from "../../kit/words/quote-output.ts";
import { readTarget } from "../kit/read-target.ts";
import { forgetName, pushAndPull } from "./push-and-pull.ts";
import { dockerPersist, type settings } from "./settings.ts";
import { withRegistry } from "./with-registry.ts";

export const persistImage = defineCheck(dockerPersist, async (context, settings) => {
  const local = builtImage(context, settings.build);
  const target = await readTarget(context.submissionDir, settings.file);
  if (typeof target !== "string") return target;
  const expected = `The image can be pushed to ${target}, removed, pulled again and run.`;
  return withRegistry(context, async () => {
    try {
      const moved = await pushAndPull(context, local, target);
      if (moved !== null) return platformFault(expected, moved);
      return await withContainer(
        context,
        settings.sandbox,
        { image: target, args: settings.args, excerpt: context.shown.excerpt(programWrote) },
        async (running) => {
          try {
            return await judgePulled(running, settings, expected);
          } finally {
            context.staff(running.output());
          }
        },
      );
    } catch (error) {
      if (error instanceof ContainerNotStarted) return notStarted(error, expected);
      throw error;
    } finally {
      await forgetName(context, target);
    }
  });
});

async function judgePulled(
  running: RunningContainer,
  { run, sandbox }: z.output<typeof settings>,
  expected: string,
): Promise<CheckVerdict> {
  const failed = (happened: string, fix: string): CheckVerdict => ({
    verdict: "failed",
    message: { expected, happened: `The pulled image ran, but: ${happened}`, fix },
  });
  const early = await running.endsWithin(run.seconds);
  if (run.staysUp && early)
    return failed(
      `${exitInWords(early, run.seconds, sandbox)} ${lastLineInWords(early.output)}`,
      fixForExit(early, sandbox) ?? "Make the program stay in the foreground.",
    );
  if (
    !run.staysUp &&
    (!early || early.oomKilled || (run.exitCode !== "any" && early.exitCode !== run.exitCode))
  ) {
    const exit = early ?? (await running.exit(0));
    return failed(
      `${exitInWords(exit, run.seconds, sandbox)} ${lastLineInWords(exit.output)}`,
      fixForExit(exit, sandbox) ?? `It must end with exit status ${run.exitCode}.`,
    );
  }
  if (run.output && !textMatches(run.output, running.output()))
    return failed(`it wrote ${quoteOutput(running.output())}.`, `It must write ${matchInWords(run.output)}.`);
  return {
    verdict: "passed",
    message: { expected, happened: "It was pushed, removed, pulled again and ran as asked.", fix: "" },
  };
}
