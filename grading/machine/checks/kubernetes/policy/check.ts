import { judgeParts } from "../../kit/credit/share-credit.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { partOf, templatesOf } from "../kit/manifests/judge-manifests.ts";
import { readManifests } from "../kit/manifests/read-manifests.ts";
import { policyRules } from "./policy-rules.ts";
import { kubernetesPolicy } from "./settings.ts";

export const judgePolicy = defineCheck(kubernetesPolicy, async (context, settings) => {
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
});
