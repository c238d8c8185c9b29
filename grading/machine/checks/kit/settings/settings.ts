import { z } from "zod";
import { authorPatternProblem } from "./author-pattern.ts";

/** Pieces of settings that several kinds of check share. Bounds are the machine's: two CPUs, two GiB. */

export const relativePath = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (p) => !p.startsWith("/") && !p.split("/").includes("..") && !p.includes("\\"),
    "a relative path with no .. and no backslash, such as Dockerfile or k8s/",
  );

export const buildId = z
  .string()
  .optional()
  .describe(
    "Id of the docker/build check whose image is used; may be left out when the exercise has only one.",
  );

export const portNumber = z.number().int().min(1).max(65535);

/** Run by compileAuthorPattern. */
export const regexSource = z
  .string()
  .min(1)
  .max(500)
  .superRefine((source, context) => {
    const problem = authorPatternProblem(source);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

export const textMatch = z
  .strictObject({
    equals: z
      .string()
      .optional()
      .describe("The whole text, compared after white space at both ends is taken off."),
    contains: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe("A piece of text, or several that must all be there."),
    regex: regexSource
      .optional()
      .describe(
        "A regular expression (JavaScript syntax, without look-around and back-references; ^ and $ match at every line) that must match somewhere.",
      ),
  })
  .refine((match) => Object.keys(match).length > 0, "say equals, contains or regex")
  .describe("What a text must be; all that is stated must hold.");
export type TextMatch = z.output<typeof textMatch>;

export const envSetting = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _, such as LOG_LEVEL"),
    z.string(),
  )
  .default({})
  .describe("Environment variables of the container.");

export const sandboxSettings = z
  .strictObject({
    memoryMiB: z.number().int().min(8).max(1536).default(128).describe("Memory limit; no swap beyond it."),
    cpus: z.number().min(0.05).max(2).default(0.5).describe("CPU limit, as docker run --cpus."),
    pids: z.number().int().min(4).max(1024).default(64).describe("Processes and threads at once."),
    tmpfsMiB: z
      .number()
      .int()
      .min(1)
      .max(512)
      .default(16)
      .describe("Size of the writable /tmp, which is memory."),
    writable: z
      .boolean()
      .default(false)
      .describe("Whether the container may write to its own file system, not only to /tmp."),
    user: z
      .string()
      .regex(/^\d+(:\d+)?$/, "numbers of a user and perhaps a group, such as 10001:10001")
      .optional()
      .describe("User and group the container runs as, such as 10001:10001; the image's own when left out."),
    env: envSetting,
  })
  .prefault({})
  .describe(
    "The sandbox the container runs in. Always: no capability, no new privileges, no network or one of its own without a way out.",
  );
export type SandboxSettings = z.output<typeof sandboxSettings>;

export const commandArgs = z
  .array(z.string())
  .optional()
  .describe("Arguments that replace the image's CMD; the image's own when left out.");

export const partialCredit = z
  .boolean()
  .default(false)
  .describe("Give each part that holds its equal share of the points, instead of all or nothing.");
