import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { allowFailed, trafficSettings } from "../kit/settings/traffic-settings.ts";

const autoscalerCount = z.number().int().min(1).max(1000);

export const autoscalerSettings = z
  .strictObject({
    name: objectName.optional().describe("Its name; any that targets the Deployment when left out."),
    min: autoscalerCount.optional().describe("What minReplicas must be."),
    max: autoscalerCount.optional().describe("What maxReplicas must be."),
    cpuPercent: autoscalerCount.optional().describe("What the average CPU utilization must be."),
  })
  .describe(
    "A HorizontalPodAutoscaler must be there for the Deployment. Its statement is judged. It keeps the Deployment within its bounds, but never scales it by load, as the cluster has no metrics server.",
  );

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
