import { z } from "zod";
import { buildId, relativePath, sandboxSettings, textMatch } from "../../kit/settings/settings.ts";

/** Settings of shell/run. */
export const scriptSettings = z
  .strictObject({
    where: z
      .enum(["container", "machine"])
      .default("container")
      .describe(
        "container: a sandbox with the submission read-only at /submission. machine: a trusted script from hidden/ as root beside the engine; it must run student code in containers only (docker run $DRYDOCK_SANDBOX $DRYDOCK_IMAGE …).",
      ),
    script: relativePath
      .optional()
      .describe("File below hidden/ that is run; read-only at /check/<name> in a container."),
    files: z
      .array(relativePath)
      .max(20)
      .default([])
      .describe(
        "More files below hidden/ that the script needs; beside it in /check. Student code that the script starts can read them.",
      ),
    command: z
      .array(z.string())
      .min(1)
      .max(50)
      .optional()
      .describe("Command and arguments; only in a container."),
    args: z.array(z.string()).max(50).default([]).describe("Arguments of the script."),
    build: buildId,
    image: z
      .string()
      .max(200)
      .optional()
      .describe(
        "Image of the catalogue to run in instead of the built one, such as python:3.13-slim; only in a container.",
      ),
    sandbox: sandboxSettings,
    input: z.string().max(65536).optional().describe("Text written to standard input."),
    seconds: z.number().min(0.5).max(1800).default(30).describe("It must have ended by then."),
    exitCode: z.union([z.number().int().min(0).max(255), z.literal("any")]).default(0),
    output: textMatch.optional().describe("What it must write, standard output and error together."),
    result: z
      .boolean()
      .default(false)
      .describe(
        'Whether the script writes JSON {"share": 0 to 1, "expected", "happened", "fix"} to the file $DRYDOCK_RESULT, which then decides instead of exit status and output; only in the machine.',
      ),
    expected: z.string().max(500).optional().describe("For the message: what was expected, in a sentence."),
    fix: z.string().max(500).optional().describe("For the message: how to fix it, in a sentence."),
  })
  .refine((s) => (s.script === undefined) !== (s.command === undefined), "say either script or command")
  .refine(
    (s) => s.where === "container" || s.script !== undefined,
    "in the machine only a script from hidden/ is run, never a command",
  )
  .refine(
    (s) => s.where === "machine" || !s.result,
    "result needs where: machine, because student code shares the container and could write it",
  );

export type ScriptSettings = z.output<typeof scriptSettings>;
