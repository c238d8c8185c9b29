import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { buildId, partialCredit, relativePath, sandboxSettings } from "../../kit/settings/settings.ts";

const settings = z
  .strictObject({
    build: buildId,
    sandbox: sandboxSettings,
    file: relativePath
      .default("limits.env")
      .describe(
        "The student's file with lines MEMORY=64m and CPUS=0.5, in the forms of docker run --memory and --cpus; # begins a comment.",
      ),
    memory: z
      .strictObject({ minMiB: z.number().min(6).max(1536).default(6), maxMiB: z.number().min(6).max(1536) })
      .optional()
      .describe(
        "MEMORY must be stated between these, be set in the container's cgroup, and end a program that takes more.",
      ),
    cpus: z
      .strictObject({ min: z.number().min(0.01).max(2).default(0.01), max: z.number().min(0.01).max(2) })
      .optional()
      .describe(
        "CPUS must be stated between these, be set in the container's cgroup, and throttle a program that would use more.",
      ),
    partial: partialCredit,
  })
  .refine((s) => s.memory !== undefined || s.cpus !== undefined, "say memory, cpus or both");

export const dockerLimits = defineKind({
  kind: "docker/limits",
  summary:
    "The limits the student states are set on the container and really bite, read from the cgroup file system.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ build }) => ({ build: { id: build } }),
});
