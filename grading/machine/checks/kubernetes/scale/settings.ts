import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { allowFailed, trafficSettings } from "../kit/drills/traffic.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { autoscalerSettings } from "./judge-autoscaler.ts";

const count = z.number().int().min(1).max(50);

const settings = z
  .strictObject({
    deployment: objectName.describe("Name of the Deployment."),
    service: objectName.optional().describe("Name of the Service that the load goes to; no load without."),
    namespace: namespaceSetting,
    up: count.optional().describe("Scale to so many replicas first."),
    down: count.optional().describe("Then to so many. In the end it has as many as before."),
    readySeconds: readySeconds.describe("Each step is done by then."),
    graceful: z
      .boolean()
      .default(true)
      .describe("Whether pods must end by themselves at SIGTERM, before they are killed."),
    autoscaler: autoscalerSettings.optional(),
    traffic: trafficSettings,
    allowFailed,
    partial: partialCredit,
  })
  .refine(
    ({ up, down, autoscaler }) => up !== undefined || down !== undefined || autoscaler !== undefined,
    "say up, down or autoscaler",
  );
export type Settings = z.output<typeof settings>;

export const kubernetesScale = defineKind({
  kind: "kubernetes/scale",
  summary:
    "Scales a Deployment up and down, under steady load when there is a Service; judges its autoscaler.",
  settings,
  defaultTimeoutSeconds: 180,
});
