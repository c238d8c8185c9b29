import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { relativePath } from "../parts/settings.ts";

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
    .max(64)
    .default(8)
    .describe("A build that writes more than this is ended as a flood."),
});

export const buildImage = defineCheck({
  kind: "docker/build",
  summary: "Builds the submission with BuildKit, with no network, from the preloaded base images.",
  settings,
  defaultTimeoutSeconds: 180,

  async run() {
    throw new Error("not yet");
  },
});
