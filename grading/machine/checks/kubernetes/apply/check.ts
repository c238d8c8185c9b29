import { defineCheck } from "../../kit/define-check.ts";
import { applyManifests } from "../kit/manifests/apply-manifests.ts";
import { readManifests } from "../kit/manifests/read-manifests.ts";
import { kubernetesApply } from "./settings.ts";

export const applyObjects = defineCheck(kubernetesApply, async (context, settings) => {
  const read = await readManifests(context, settings.manifests);
  if (read.outcome === "refused") return { verdict: "failed", message: read.message };
  const cluster = context.kubernetes();
  const namespace = settings.namespace ?? cluster.namespaces[0];
  const applied = await applyManifests(context, read.documents, { namespace, config: cluster.student });
  if (applied.outcome === "refused") return { verdict: "failed", message: applied.message };
  const names = applied.objects.map(({ document: { object } }) => `${object.kind} ${object.metadata.name}`);
  const took = names.length > 0 ? `It took ${names.join(", ")}.` : "There was nothing to apply.";
  const warned = applied.warnings.map((warning) => `It warned about ${warning}.`);
  return {
    verdict: "passed",
    message: {
      expected: "The API server takes every object that was handed in.",
      happened: [took, ...warned].join("\n"),
      fix: "",
    },
  };
});
