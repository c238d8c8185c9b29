import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { allowFailed, trafficSettings } from "../kit/settings/traffic-settings.ts";

const settings = z.strictObject({
  deployment: objectName.describe("Name of the Deployment."),
  service: objectName.describe("Name of the Service that the load goes to."),
  namespace: namespaceSetting,
  readySeconds: readySeconds.describe("All replicas are of the version before and ready by then."),
  oldAnswer: textMatch.optional().describe("What the body of an answer of the version before must be."),
  traffic: trafficSettings,
  allowFailed,
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesRollback = defineKind({
  kind: "kubernetes/rollback",
  summary: "Undoes the newest revision, as kubectl rollout undo does, under steady load.",
  settings,
  defaultTimeoutSeconds: 180,
});
