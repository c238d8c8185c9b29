import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName } from "../kit/settings/kubernetes-settings.ts";

export const settings = z.strictObject({
  job: objectName.describe("Name of the Job."),
  namespace: namespaceSetting,
  seconds: z.number().min(1).max(600).default(60).describe("It must be complete by then."),
  completions: z.number().int().min(1).max(50).optional().describe("What spec.completions must be."),
  parallelism: z.number().int().min(1).max(50).optional().describe("What spec.parallelism must be."),
  backoffLimit: z.number().int().min(0).max(20).optional().describe("What spec.backoffLimit must be."),
  log: textMatch.optional().describe("What a pod that succeeded must write, last 1000 lines."),
  partial: partialCredit,
});

export const kubernetesJob = defineKind({
  kind: "kubernetes/job",
  summary: "A Job completes in time as often as asked, or why it fails.",
  settings,
  defaultTimeoutSeconds: 120,
});
