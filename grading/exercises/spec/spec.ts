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
    "a relative path with no ..",
  );

export const checkSpec = z.strictObject({
  /** Unique in the exercise; lower-case words joined by hyphens. */
  id: slug,
  kind: z.string().regex(/^[a-z]+\/[a-z-]+$/),
  title: z.string().min(1).max(120),
  points: z.number().min(0).max(1000),
  /** Ids of checks that must pass first; a check whose need failed is failed with 0 points and says so. */
  needs: z.array(slug).default([]),
  timeoutSeconds: z.number().int().min(1).max(3600),
  /** Validated by the kind's own schema. */
  with: z.record(z.string(), z.unknown()).default({}),
});
export type CheckSpec = z.infer<typeof checkSpec>;

export const submissionLimits = z.strictObject({
  /** Bytes as uploaded. */
  packedBytes: z
    .number()
    .int()
    .positive()
    .default(20 * 1024 * 1024),
  /** Bytes after unpacking. */
  unpackedBytes: z
    .number()
    .int()
    .positive()
    .default(100 * 1024 * 1024),
  entries: z.number().int().positive().default(2000),
});
export type SubmissionLimits = z.infer<typeof submissionLimits>;

export const exerciseSpec = z.strictObject({
  slug,
  title: z.string().min(1).max(120),
  summary: z.string().max(500).default(""),
  /** Files and folders (with a trailing slash) that must be handed in, relative to the submission's root. */
  requiredFiles: z.array(relativePath).default([]),
  limits: submissionLimits.prefault({}),
  /** What the machine must be able to do. Every machine has an engine. */
  facilities: facilitySettings(facilityKinds).default({}),
  /** Seconds for the whole run; the machine's lease is this plus the time to boot, start and report. */
  timeoutSeconds: z.number().int().min(10).max(7200).default(600),
  checks: z.array(checkSpec).min(1).max(200),
});
export type ExerciseSpec = z.infer<typeof exerciseSpec>;
