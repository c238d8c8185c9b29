import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { applyManifests } from "../kit/manifests/apply-manifests.ts";
import { manifestsPath, namespaceSetting } from "../kit/kubernetes-settings.ts";
import { readManifests } from "../kit/manifests/read-manifests.ts";

const settings = z.strictObject({ manifests: manifestsPath, namespace: namespaceSetting });

export const applyObjects = defineCheck({
  kind: "kubernetes/apply",
  summary: "Applies the submission's manifests with the student's rights, all of them or none.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",

  async run(context, settings) {
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
  },
});
