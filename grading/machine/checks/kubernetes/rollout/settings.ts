import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";

const settings = z
  .strictObject({
    deployment: objectName.optional().describe("Name of the Deployment."),
    pod: objectName.optional().describe("Name of a bare Pod, instead of a Deployment."),
    namespace: namespaceSetting,
    readySeconds,
    steadySeconds: z
      .number()
      .min(0)
      .max(120)
      .default(3)
      .describe("It must then stay ready for so long: a program that ends at once is ready for a moment."),
    replicas: z
      .number()
      .int()
      .min(1)
      .max(50)
      .optional()
      .describe("How many replicas the Deployment must ask for; any number from 1 when left out."),
    log: textMatch.optional().describe("What the Pod must write, its first container, within readySeconds."),
  })
  .refine(
    ({ deployment, pod }) => (deployment === undefined) !== (pod === undefined),
    "say deployment or pod, one of them",
  )
  .refine(({ pod, log }) => log === undefined || pod !== undefined, "log is for a pod")
  .refine(({ pod, replicas }) => replicas === undefined || pod === undefined, "replicas is for a deployment");
export type Settings = z.output<typeof settings>;

export const kubernetesRollout = defineKind({
  kind: "kubernetes/rollout",
  summary: "A Deployment (all its replicas, of the newest revision) or a Pod is ready in time, or why not.",
  settings,
  defaultTimeoutSeconds: 120,
});
