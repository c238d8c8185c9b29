import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, relativePath, textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { allowFailed, trafficSettings } from "../kit/settings/traffic-settings.ts";

const container = z.string().max(63).optional().describe("Which container; the first when left out.");

export const updateSettings = z
  .union([
    z.strictObject({
      manifests: relativePath.describe("Folder of the submission with the new version, such as k8s-v2/."),
    }),
    z.strictObject({ image: z.string().min(1).max(200).describe("The new image."), container }),
    z.strictObject({
      env: z
        .record(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _, such as LOG_LEVEL"),
          z.string(),
        )
        .describe("Variables to set."),
      container,
    }),
  ])
  .describe(
    "What makes the new version: the student's manifests, or a change of the Deployment's image or environment.",
  );

export type Update = z.output<typeof updateSettings>;

const countOrPercent = z.union([
  z.number().int().min(0).max(100),
  z.string().regex(/^\d{1,3}%$/, "a percentage such as 25%"),
]);

const settings = z.strictObject({
  deployment: objectName.describe("Name of the Deployment."),
  service: objectName.describe("Name of the Service that the load goes to."),
  namespace: namespaceSetting,
  update: updateSettings,
  readySeconds: readySeconds.describe("All replicas are of the new version and ready by then."),
  newAnswer: textMatch.optional().describe("What the body of an answer of the new version must be."),
  maxSurge: countOrPercent
    .optional()
    .describe("The strategy may state no more; any when left out. What it states is held to in any case."),
  maxUnavailable: countOrPercent.optional().describe("The strategy may state no more; any when left out."),
  traffic: trafficSettings,
  allowFailed,
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesRollingUpdate = defineKind({
  kind: "kubernetes/rolling-update",
  summary: "Rolls a new version out under steady load: no request lost, surge and unavailable kept to.",
  settings,
  defaultTimeoutSeconds: 180,
});
