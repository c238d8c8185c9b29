import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { relativePath } from "../../kit/settings/settings.ts";

const settings = z.strictObject({
  context: relativePath
    .default("./")
    .describe("Folder that is the build context, relative to the submission's root."),
  dockerfile: relativePath.default("Dockerfile").describe("The Dockerfile, relative to the build context."),
  target: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, "a stage's name, such as build")
    .optional()
    .describe("Stage to build; the last when left out."),
  buildArgs: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _, such as LOG_LEVEL"),
      z.string(),
    )
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

export const dockerBuild = defineKind({
  kind: "docker/build",
  summary: "Builds the submission with BuildKit, with no network, from the preloaded base images.",
  settings,
  defaultTimeoutSeconds: 180,
});
