import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, relativePath, textMatch } from "../../kit/settings/settings.ts";

export const fileRule = z.strictObject({
  path: relativePath.describe("File, or folder with a trailing slash, relative to the submission's root."),
  notEmpty: z.boolean().default(true).describe("Whether a file of no bytes fails."),
  maxBytes: z.number().int().positive().optional().describe("Largest size taken."),
  executable: z.boolean().default(false).describe("Whether the execute bit must be set."),
  firstLine: textMatch.optional().describe("What the first line must be, such as #!/bin/sh."),
  text: textMatch.optional().describe("What the file's text must hold; files up to 1 MiB."),
});

const settings = z.strictObject({
  files: z.array(fileRule).min(1).max(50).describe("What must be there."),
  forbidden: z
    .array(relativePath)
    .max(50)
    .default([])
    .describe("Files or folders (trailing slash) that must not be handed in."),
  partial: partialCredit,
});

export const filesRequired = defineKind({
  kind: "files/required",
  summary: "Files are there, with the content or size the exercise states.",
  settings,
  defaultTimeoutSeconds: 10,
});
