import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { buildId, relativePath, sandboxSettings } from "../../kit/settings/settings.ts";

const settings = z.strictObject({
  build: buildId,
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
      "Part of the CPU time due to the quiet container that it must get while its neighbour is stressed. Due is what it got alone, or an equal share of what both got when the machine itself is busy.",
    ),
  stressMemory: z
    .boolean()
    .default(true)
    .describe("Whether the neighbour also takes memory until it is ended at its limit."),
});

export const dockerIsolation = defineKind({
  kind: "docker/isolation",
  summary:
    "Two containers of the image with the limits stated; one is stressed, the other must keep its share.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ build }) => ({ build: { id: build } }),
});
