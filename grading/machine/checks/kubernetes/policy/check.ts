import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { partOf, templatesOf } from "../kit/manifests/judge-manifests.ts";
import { manifestsPath, namespaceSetting } from "../kit/kubernetes-settings.ts";
import { type PolicyRuleName, policyRules } from "./policy-rules.ts";
import { readManifests } from "../kit/manifests/read-manifests.ts";
import { partialCredit } from "../../kit/settings.ts";
import { judgeParts } from "../../kit/credit/share-credit.ts";

const settings = z.strictObject({
  manifests: manifestsPath,
  namespace: namespaceSetting,
  rules: z
    .array(z.enum(Object.keys(policyRules) as [PolicyRuleName, ...PolicyRuleName[]]))
    .min(1)
    .describe("Rules that every workload among the manifests must keep."),
  minReplicas: z.number().int().min(1).max(50).default(2).describe("For the rule replicas."),
  partial: partialCredit,
});

export const judgePolicy = defineCheck({
  kind: "kubernetes/policy",
  summary:
    "The manifests keep the rules of a well-run cluster: requests, limits, probes, tags, users, replicas.",
  settings,
  defaultTimeoutSeconds: 20,
  // No program of the student's runs here.
  timeLimitFault: "platform",

  async run(context, settings) {
    const read = await readManifests(context, settings.manifests);
    if (read.outcome === "refused") return { verdict: "failed", message: read.message };
    const templates = templatesOf(read.documents);
    if (templates.length === 0)
      return {
        verdict: "failed",
        message: {
          expected: "The manifests hold something that makes pods.",
          happened: `They hold only ${[...new Set(read.documents.map((each) => each.object.kind))].join(", ")}.`,
          fix: "Hand in the workloads too, such as a Deployment.",
        },
      };
    const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
    const subject = { ...read, templates, namespace, minReplicas: settings.minReplicas };
    const parts = settings.rules.map((name) =>
      partOf(policyRules[name].expected(subject), policyRules[name].find(subject)),
    );
    return judgeParts(parts, settings.partial, context.maxPoints, "The manifests keep every rule.");
  },
});
