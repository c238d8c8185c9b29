import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { manifestsPath, namespaceSetting, objectName } from "../kit/settings/kubernetes-settings.ts";

const settings = z.strictObject({
  manifests: manifestsPath,
  namespace: namespaceSetting,
  objects: z
    .array(
      z.strictObject({
        kind: z
          .string()
          .regex(/^[A-Z][A-Za-z0-9]+$/, "a kind of object, such as Deployment")
          .describe("Such as Deployment."),
        name: objectName.optional().describe("Its metadata.name; any when left out."),
      }),
    )
    .max(50)
    .default([])
    .describe("Objects that must be among the manifests."),
  partial: partialCredit,
});

export const kubernetesManifest = defineKind({
  kind: "kubernetes/manifest",
  summary:
    "The manifests are valid for the cluster's version, hold the objects asked for, and their selectors and ports fit together.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
});
