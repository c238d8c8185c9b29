import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { manifestsPath, namespaceSetting } from "../kit/settings/kubernetes-settings.ts";

const ruleNames = [
  "requests",
  "limits",
  "readiness-probe",
  "liveness-probe",
  "no-latest-tag",
  "no-privileged",
  "non-root",
  "labels-match",
  "replicas",
] as const;
export type PolicyRuleName = (typeof ruleNames)[number];

const settings = z.strictObject({
  manifests: manifestsPath,
  namespace: namespaceSetting,
  rules: z
    .array(z.enum(ruleNames))
    .min(1)
    .describe("Rules that every workload among the manifests must keep."),
  minReplicas: z.number().int().min(1).max(50).default(2).describe("For the rule replicas."),
  partial: partialCredit,
});

export const kubernetesPolicy = defineKind({
  kind: "kubernetes/policy",
  summary:
    "The manifests keep the rules of a well-run cluster: requests, limits, probes, tags, users, replicas.",
  settings,
  defaultTimeoutSeconds: 20,
  // No program of the student's runs here.
  timeLimitFault: "platform",
});
