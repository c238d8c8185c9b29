import { z } from "zod";
import { facilityKinds, facilitySettings } from "../../machine/facilities/catalogue.ts";

/**
 * The shape of exercise.yaml as it travels: database, agent, pages. The settings of each check are
 * validated against its kind by grading/exercises/load-exercise.ts when the file is read, so here they
 * are plain data.
 */

export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens, such as docker-intro");

const relativePath = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (p) => !p.startsWith("/") && !p.split("/").includes("..") && !p.includes("\\"),
    "a relative path with no .. and no backslash, such as Dockerfile or k8s/",
  );

export const checkSpec = z.strictObject({
  id: slug.describe("Unique in the exercise; other checks name it in needs."),
  kind: z.string().regex(/^[a-z]+\/[a-z-]+$/, "a family and a check, such as docker/build"),
  title: z.string().min(1).max(120).describe("What the student reads."),
  points: z.number().min(0).max(1000).describe("What it gives when it passes."),
  needs: z
    .array(slug)
    .default([])
    .describe(
      "Ids of checks that must pass first; a check whose need failed is failed with 0 points and says so.",
    ),
  timeoutSeconds: z.number().int().min(1).max(3600),
  /** Validated by the kind's own schema. */
  with: z.record(z.string(), z.unknown()).default({}),
});
export type CheckSpec = z.infer<typeof checkSpec>;

export const submissionLimits = z.strictObject({
  packedBytes: z
    .number()
    .int()
    .positive()
    .default(20 * 1024 * 1024)
    .describe("Bytes as uploaded."),
  unpackedBytes: z
    .number()
    .int()
    .positive()
    .default(100 * 1024 * 1024)
    .describe("Bytes after unpacking."),
  entries: z.number().int().positive().default(2000).describe("Files and folders."),
});
export type SubmissionLimits = z.infer<typeof submissionLimits>;

export const exerciseSpec = z.strictObject({
  slug: slug.describe("The folder's name; part of the address."),
  title: z.string().min(1).max(120).describe("Shown to students."),
  summary: z.string().max(500).default("").describe("Shown to students, in a sentence or two."),
  requiredFiles: z
    .array(relativePath)
    .default([])
    .describe(
      "Files and folders (with a trailing slash) that must be handed in, relative to the submission's root; an upload without them is refused at once.",
    ),
  limits: submissionLimits.prefault({}).describe("What may be handed in at most."),
  /** What the machine must be able to do. Every machine has an engine. */
  facilities: facilitySettings(facilityKinds).default({}),
  timeoutSeconds: z
    .number()
    .int()
    .min(10)
    .max(7200)
    .default(600)
    .describe(
      "Seconds for the whole run; the machine's lease is this plus the time to boot, start and report.",
    ),
  checks: z.array(checkSpec).min(1).max(200),
});
export type ExerciseSpec = z.infer<typeof exerciseSpec>;
