import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { buildId, commandArgs, sandboxSettings, textMatch } from "../../kit/settings/settings.ts";

const settings = z.strictObject({
  build: buildId,
  args: commandArgs,
  entrypoint: z.array(z.string()).min(1).optional().describe("Replaces the image's ENTRYPOINT."),
  input: z.string().max(65536).optional().describe("Text written to standard input."),
  sandbox: sandboxSettings,
  seconds: z.number().min(0.5).max(600).default(20).describe("The container must have ended by then."),
  exitCode: z
    .union([z.number().int().min(0).max(255), z.literal("any")])
    .default(0)
    .describe("Exit status it must end with."),
  output: textMatch
    .optional()
    .describe("What it must write, standard output and error together, first 256 KiB."),
});

export type Settings = z.output<typeof settings>;

export const dockerRun = defineKind({
  kind: "docker/run",
  summary: "Runs the image once and looks at its exit status and output.",
  settings,
  defaultTimeoutSeconds: 60,
  uses: ({ build }) => ({ build: { id: build } }),
});
