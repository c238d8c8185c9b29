import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";

const settings = z.strictObject({
  statefulSet: objectName.describe("Name of the StatefulSet."),
  namespace: namespaceSetting,
  readySeconds: readySeconds.describe(
    "It must be ready by then, and again after each thing that is done to it.",
  ),
  replicas: z.number().int().min(1).max(20).optional().describe("How many pods it must ask for."),
  names: z
    .boolean()
    .default(true)
    .describe("Whether a headless Service must give each pod a DNS name of its own."),
  order: z
    .boolean()
    .default(true)
    .describe("Whether pods must start in order and end in reverse; two are taken off and added again."),
  volume: z
    .strictObject({
      mountPath: z.string().startsWith("/").max(200).describe("Where the pods' own volume is mounted."),
      container: z
        .string()
        .optional()
        .describe("The container that mounts it; the first that does when left out."),
    })
    .optional()
    .describe("Each pod has a volume of its own whose files are there again after the pod was deleted."),
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesStatefulset = defineKind({
  kind: "kubernetes/statefulset",
  summary: "A StatefulSet's pods have stable names, an order, and volumes that outlive them.",
  settings,
  defaultTimeoutSeconds: 240,
});
