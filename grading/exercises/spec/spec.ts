import { z } from "zod";

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

const namespaceName = slug.max(40).refine((name) => !/^(kube-|drydock|default$)/.test(name), {
  message: "not default, kube-… or drydock…, which belong to the cluster",
});

/** The Kubernetes of a run; only for exercises of the profile kubernetes. */
export const kubernetesSpec = z.strictObject({
  /** Worker nodes; the control plane has a place of its own and takes no pods. */
  nodes: z.number().int().min(1).max(3).default(1),
  /** Made before the first check; the student has full rights in them and none elsewhere. The first is the default one. */
  namespaces: z.array(namespaceName).min(1).max(5).default(["student"]),
  /** Pod Security standard that the namespaces enforce. */
  podSecurity: z.enum(["baseline", "restricted"]).default("baseline"),
});
export type KubernetesSpec = z.infer<typeof kubernetesSpec>;

export const exerciseSpec = z.strictObject({
  slug,
  title: z.string().min(1).max(120),
  summary: z.string().max(500).default(""),
  /** Files and folders (with a trailing slash) that must be handed in, relative to the submission's root. */
  requiredFiles: z.array(relativePath).default([]),
  limits: submissionLimits.default({
    packedBytes: 20 * 1024 * 1024,
    unpackedBytes: 100 * 1024 * 1024,
    entries: 2000,
  }),
  /** What the machine must have started. */
  profile: z.enum(["docker", "kubernetes"]).default("docker"),
  kubernetes: kubernetesSpec.default({ nodes: 1, namespaces: ["student"], podSecurity: "baseline" }),
  /** Seconds for the whole run; the machine's lease is this plus the time to boot, start and report. */
  timeoutSeconds: z.number().int().min(10).max(7200).default(600),
  checks: z.array(checkSpec).min(1).max(200),
});
export type ExerciseSpec = z.infer<typeof exerciseSpec>;
