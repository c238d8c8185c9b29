import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { nodeSetting, taintSetting } from "../kit/settings/node-settings.ts";

const settings = z.strictObject({
  daemonSet: objectName.describe("Name of the DaemonSet."),
  namespace: namespaceSetting,
  readySeconds,
  nodes: z
    .array(nodeSetting)
    .min(1)
    .optional()
    .describe(
      "Nodes that must have exactly one pod, and no others, by name or label; all nodes when left out.",
    ),
  taint: z
    .strictObject({ node: nodeSetting, taint: taintSetting })
    .optional()
    .describe("Puts a taint on a node for a while: a pod that is made there then must still come up."),
  rejoin: z
    .strictObject({
      node: nodeSetting,
      seconds: z.number().min(5).max(300).default(60).describe("The pod runs again by then."),
    })
    .optional()
    .describe("Stops a node and starts it again: it must run a pod once more."),
  update: z
    .strictObject({
      strategy: z.enum(["RollingUpdate", "OnDelete"]).default("RollingUpdate"),
      maxUnavailable: z
        .number()
        .int()
        .min(1)
        .max(3)
        .optional()
        .describe("So many pods may be away at a time."),
      seconds: z.number().min(5).max(300).default(90).describe("All pods are new by then."),
    })
    .optional()
    .describe("Changes the pods' template: they must be replaced in this way."),
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesDaemonset = defineKind({
  kind: "kubernetes/daemonset",
  summary:
    "A DaemonSet runs one pod on each node: also on a tainted one, on one that joins again, and during an update.",
  settings,
  defaultTimeoutSeconds: 240,
});
