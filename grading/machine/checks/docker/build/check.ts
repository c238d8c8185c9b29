import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { buildCommand } from "./build-command.ts";
import { buildTag } from "../../kit/container/built-image.ts";
import { explainBuild } from "./explain-build.ts";
import { prepareDockerfile } from "./prepare-dockerfile.ts";
import { relativePath } from "../../kit/settings.ts";
import { watchBuild } from "./watch-build.ts";

const settings = z.strictObject({
  context: relativePath
    .default("./")
    .describe("Folder that is the build context, relative to the submission's root."),
  dockerfile: relativePath.default("Dockerfile").describe("The Dockerfile, relative to the build context."),
  target: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/)
    .optional()
    .describe("Stage to build; the last when left out."),
  buildArgs: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .default({})
    .describe("Values for ARG."),
  maxOutputMiB: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(8)
    // The boot script lets BuildKit show as much of a step as the most that can be asked here.
    .describe("A build that writes more than this is ended as a flood."),
  maxDiskMiB: z
    .number()
    .int()
    .min(16)
    .max(16_384)
    .default(4096)
    .describe("A build that puts more than this on the disk is ended."),
});

export const buildImage = defineCheck({
  kind: "docker/build",
  summary: "Builds the submission with BuildKit, with no network, from the preloaded base images.",
  settings,
  defaultTimeoutSeconds: 180,

  async run(context, settings) {
    const prepared = await prepareDockerfile(context, settings);
    if ("verdict" in prepared) return prepared;
    const tag = buildTag();
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
  },
});
