import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import {
  buildId,
  commandArgs,
  relativePath,
  sandboxSettings,
  textMatch,
} from "../../kit/settings/settings.ts";

export const settings = z.strictObject({
  build: buildId,
  file: relativePath
    .optional()
    .describe(
      "The student's file with a line IMAGE=127.0.0.1:5000/name:tag that says where to push to, such as registry.env; a name of Drydock's own when left out.",
    ),
  args: commandArgs,
  sandbox: sandboxSettings,
  run: z
    .strictObject({
      seconds: z.number().min(0.5).max(120).default(5).describe("How long the pulled image is watched."),
      staysUp: z
        .boolean()
        .default(false)
        .describe("Whether it must still run then, as a server does; it must have ended when false."),
      exitCode: z
        .union([z.number().int().min(0).max(255), z.literal("any")])
        .default(0)
        .describe("Exit status when it must end."),
      output: textMatch.optional().describe("What it must have written by then."),
    })
    .prefault({})
    .describe("What the pulled image must do."),
});

export const dockerPersist = defineKind({
  kind: "docker/persist",
  summary: "Pushes the image to a registry inside the machine, removes it, pulls it and runs it.",
  settings,
  defaultTimeoutSeconds: 120,
  uses: ({ build }) => ({ build: { id: build } }),
});
