import { buildTag } from "../../kit/container/built-image.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { buildCommand } from "./build-command.ts";
import { explainBuild } from "./explain-build.ts";
import { prepareDockerfile } from "./prepare-dockerfile.ts";
import { dockerBuild } from "./settings.ts";
import { watchBuild } from "./watch-build.ts";

export const buildImage = defineCheck(dockerBuild, async (context, settings) => {
  const prepared = await prepareDockerfile(context, settings);
  if ("verdict" in prepared) return prepared;
  const tag = buildTag();
  const shown = context.shown.excerpt("What the build wrote");
  const watch = await watchBuild(context, settings.maxDiskMiB);
  try {
    const command = buildCommand({
      ...settings,
      file: prepared.file,
      policyFile: prepared.policyFile,
      tag,
    });
    const result = await context.run(command.argv, {
      env: command.env,
      floodBytes: settings.maxOutputMiB * 1024 * 1024,
      signal: watch.signal,
      // A build says everything on standard error: to mark it would tell nothing.
      excerpt: { write: (chunk) => shown.write(chunk) },
    });
    context.staff(`${result.stdout}\n${result.stderr}`);
    const expected = `docker build makes an image from ${settings.dockerfile}.`;
    const problem = await explainBuild(context, settings, prepared, result, await watch.taken());
    if (problem) return { verdict: "failed", message: { expected, ...problem } };
    context.builtImages.set(context.checkId, tag);
    const seconds = (result.durationMs / 1000).toFixed(1);
    return {
      verdict: "passed",
      message: { expected, happened: `The image was built in ${seconds} s.`, fix: "" },
    };
  } finally {
    await watch.stop();
    await prepared.remove();
  }
});
