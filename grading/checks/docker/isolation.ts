import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { buildId, commandArgs, relativePath, sandboxSettings } from "../parts/settings.ts";

const settings = z.strictObject({
  build: buildId,
  args: commandArgs,
  sandbox: sandboxSettings,
  file: relativePath
    .optional()
    .describe(
      "The student's file with MEMORY and CPUS, as for docker/limits; the sandbox's limits when left out.",
    ),
  seconds: z.number().min(1).max(30).default(3).describe("How long each measurement takes."),
  minShare: z
    .number()
    .min(0.1)
    .max(1)
    .default(0.7)
    .describe(
      "Part of the CPU time it got alone that the quiet container must still get while its neighbour is stressed.",
    ),
  stressMemory: z
    .boolean()
    .default(true)
    .describe("Whether the neighbour also takes memory until it is ended at its limit."),
});

export const isolateContainers = defineCheck({
  kind: "docker/isolation",
  summary:
    "Two containers of the image with the limits stated; one is stressed, the other must keep its share.",
  settings,
  defaultTimeoutSeconds: 60,
  uses: ({ build }) => ({ build: { id: build } }),

  async run() {
    throw new Error("not yet");
  },
});
