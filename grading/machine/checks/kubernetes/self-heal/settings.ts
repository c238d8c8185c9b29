import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { allowFailed, trafficSettings } from "../kit/settings/traffic-settings.ts";

export const harms = ["delete-pod", "kill-process", "stop-node", "hang-node"] as const;

const settings = z.strictObject({
  deployment: objectName.describe("Name of the Deployment."),
  service: objectName.describe("Name of the Service that the load goes to."),
  namespace: namespaceSetting,
  readySeconds: readySeconds.describe("It must serve by then, before the first drill."),
  drills: z
    .array(
      z.strictObject({
        do: z
          .enum(harms)
          .describe(
            "delete-pod: delete a pod with no grace; kill-process: SIGKILL the first process of its first container; stop-node: pull the plug of the node with most of its pods (2 nodes or more); hang-node: the same node answers nothing any more, and goes on when the drill is over (2 nodes or more).",
          ),
        recoverySeconds: z
          .number()
          .min(1)
          .max(300)
          .default(30)
          .describe("All replicas are ready, and the Service sends to them, by then."),
        allowFailed: allowFailed.default(40),
      }),
    )
    .min(1)
    .max(6)
    .default([
      { do: "delete-pod", recoverySeconds: 30, allowFailed: 40 },
      { do: "kill-process", recoverySeconds: 30, allowFailed: 40 },
    ])
    .describe("One after the other, each after the one before has healed."),
  traffic: trafficSettings,
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesSelfHeal = defineKind({
  kind: "kubernetes/self-heal",
  summary: "Kills pods, processes and nodes under steady load, and measures how fast all is well again.",
  settings,
  defaultTimeoutSeconds: 240,
});
